package dev.torc.standalone.config;

import dev.torc.core.StartException;
import dev.torc.http.log.AccessLogConfig;
import dev.torc.http.log.LogFormat;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/// A line for each request: [AccessLogConfig].
public final class AccessLogSettings {
    public static final Group GROUP = new Group("access-log.", "Access log");

    private static final String STANDARD_OUTPUT = "-";
    private static final AccessLogConfig DEFAULTS = AccessLogConfig.defaults();

    public static final Setting<String> FILE =
            GROUP.add(
                    Setting.of(
                                    "access-log.file",
                                    new Text("FILE", "a file, or - for standard output"),
                                    "",
                                    "A line for each request is appended to this file; - is"
                                            + " standard output. Without one torc serve writes"
                                            + " short lines there.")
                            .withShownInitial("none")
                            .everyday("--access-log"));

    static final Setting<String> FORMAT =
            GROUP.add(
                    Setting.of(
                                    "access-log.format",
                                    Choice.of("common", "combined", "json"),
                                    DEFAULTS.format().name().toLowerCase(Locale.ROOT),
                                    "How such a line looks. Given without a file, the lines of torc"
                                            + " serve look like that.")
                            .everyday());

    static final Setting<Long> SAMPLE =
            GROUP.add(
                    "sample",
                    Amount.count(1, 1_000_000),
                    (long) DEFAULTS.sample(),
                    "One in so many requests is logged; those that failed always are.");

    static final Setting<Long> FILE_BYTES_MAX =
            GROUP.add(
                    "file-bytes-max",
                    Amount.bytes(0, 1L << 40),
                    DEFAULTS.fileBytesMax(),
                    "A file of this size is rotated; at least 64K, or 0 for never.");

    static final Setting<Duration> FILE_TIME_MAX =
            GROUP.add(
                    "file-time-max",
                    new Time(Duration.ofMinutes(1), Duration.ofDays(366), true),
                    DEFAULTS.fileTimeMax(),
                    "A file is rotated at each multiple of this time since midnight UTC; 0 is"
                            + " never.");

    static final Setting<Long> FILES_MAX =
            GROUP.add(
                    "files-max",
                    Amount.count(0, 1000),
                    (long) DEFAULTS.filesMax(),
                    "Files that have been rotated and are kept.");

    static final Setting<Long> BUFFER_BYTES =
            GROUP.add(
                    "buffer-bytes",
                    Amount.bytes(1 << 14, 1 << 26),
                    (long) DEFAULTS.bufferBytes(),
                    "Memory of each shard for lines that are not written yet, a power of two; what"
                            + " does not fit is dropped and counted.");

    /// What makes no sense without a file.
    private static final Set<Setting<?>> OF_FILES =
            Set.of(FILE_BYTES_MAX, FILE_TIME_MAX, FILES_MAX);

    private AccessLogSettings() {}

    /// What is to be logged; null if nothing is.
    ///
    /// @param otherwise how where no file is named, unless the settings say it differently; null
    ///   for a command that then logs nothing
    /// @throws StartException for a setting that would do nothing
    public static @Nullable AccessLogConfig config(
            Settings settings, @Nullable AccessLogConfig otherwise) {
        String file = settings.of(FILE);
        if (!file.isEmpty()) {
            return config(settings, format(settings), file.equals(STANDARD_OUTPUT) ? null : file);
        }
        if (settings.of(OutputSettings.QUIET)) return null;
        for (Setting<?> setting : GROUP.settings()) {
            boolean applies = setting.equals(FILE) || otherwise != null;
            boolean useless = !applies || OF_FILES.contains(setting);
            if (useless && settings.isGiven(setting)) throw useless(setting, settings);
        }
        if (otherwise == null) return null;
        LogFormat format = settings.isGiven(FORMAT) ? format(settings) : otherwise.format();
        return config(settings, format, null);
    }

    private static StartException useless(Setting<?> setting, Settings settings) {
        String place = settings.origin(setting).with(setting.key());
        String name = OF_FILES.contains(setting) ? "a file" : "an access log";
        return new StartException(
                place + " is for " + name + ": --access-log FILE (access-log.file) names none");
    }

    private static LogFormat format(Settings settings) {
        return LogFormat.valueOf(settings.of(FORMAT).toUpperCase(Locale.ROOT));
    }

    private static AccessLogConfig config(
            Settings settings, LogFormat format, @Nullable String file) {
        return GROUP.checked(
                settings,
                () ->
                        new AccessLogConfig(
                                format,
                                file == null ? null : Path.of(file),
                                settings.intOf(SAMPLE),
                                settings.of(FILE_BYTES_MAX),
                                settings.of(FILE_TIME_MAX),
                                settings.intOf(FILES_MAX),
                                settings.intOf(BUFFER_BYTES)));
    }
}
