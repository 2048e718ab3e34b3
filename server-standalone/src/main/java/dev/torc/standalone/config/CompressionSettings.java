package dev.torc.standalone.config;

import dev.torc.http.MediaType;
import dev.torc.http.file.Compression;

import java.util.List;

/// Which files are compressed by gzip: [Compression].
public final class CompressionSettings {
    public static final Group GROUP = new Group("compression.", "Compression");

    private static final Compression DEFAULTS = Compression.defaults();
    private static final long LARGEST = 4 << 20;

    static final Setting<Boolean> ENABLED =
            GROUP.add(
                    Setting.of(
                                    "compression.enabled",
                                    new Switch(),
                                    true,
                                    "Compresses text by gzip. Compressed files next to others (.br,"
                                            + " .zst, .gz) are sent anyhow.")
                            .withHelpMeaning(
                                    "Does not compress text by gzip. Compressed files next to"
                                            + " others (.br, .zst, .gz) are sent nevertheless.")
                            .everyday("--compression"));

    static final Setting<List<String>> TYPES =
            GROUP.add(
                    Setting.of(
                                    "compression.types",
                                    new Texts("TYPE", "media types; text/* is all of text"),
                                    List.<String>of(),
                                    "Media types that are compressed.")
                            .withShownInitial("text, and what compresses like it"));

    static final Setting<Long> BYTES_MIN =
            GROUP.add(
                    "bytes-min",
                    Amount.bytes(0, LARGEST),
                    (long) DEFAULTS.bytesMin(),
                    "Smaller files are sent as they are.");

    static final Setting<Long> BYTES_MAX =
            GROUP.add(
                    "bytes-max",
                    Amount.bytes(0, LARGEST),
                    (long) DEFAULTS.bytesMax(),
                    "Larger files are sent as they are.");

    private CompressionSettings() {}

    static Compression compression(Settings settings) {
        if (!settings.of(ENABLED)) return Compression.none();
        List<String> types = settings.of(TYPES);
        return GROUP.checked(
                settings,
                () -> {
                    Compression sized =
                            DEFAULTS.withSizes(
                                    settings.intOf(BYTES_MIN), settings.intOf(BYTES_MAX));
                    if (types.isEmpty()) return sized;
                    for (String type : types) MediaType.of(type);
                    return sized.withTypes(type -> covers(types, type.essence()));
                });
    }

    private static boolean covers(List<String> types, String essence) {
        String all = essence.substring(0, essence.indexOf('/')) + "/*";
        return types.contains(essence) || types.contains(all);
    }
}
