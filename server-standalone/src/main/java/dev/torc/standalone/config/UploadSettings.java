package dev.torc.standalone.config;

import dev.torc.core.StartException;

/// Whether files can be stored.
public final class UploadSettings {
    public static final Group GROUP = new Group("files.", "Uploads");

    public static final Setting<Boolean> UPLOADS =
            GROUP.add(
                    Setting.of(
                                    "files.uploads",
                                    new Switch(),
                                    false,
                                    "Stores files by PUT, for whoever can reach the server: as in"
                                            + " curl -T file http://HOST:PORT/dir/. Directories"
                                            + " are not created.")
                            .everyday("--upload"));

    private UploadSettings() {}

    /// Whether files are stored.
    ///
    /// @throws StartException for a flag that means nothing without another
    public static boolean uploads(Settings settings) {
        boolean uploads = settings.of(UPLOADS);
        Setting<Long> max = HttpSettings.STREAMED_BODY_BYTES_MAX;
        if (!uploads && settings.origin(max) instanceof Origin.Flag) {
            throw new StartException("--upload-max is for --upload, which is not given");
        }
        return uploads;
    }
}
