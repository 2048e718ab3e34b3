package dev.torc.http.file;

import dev.torc.http.MediaType;

import java.util.Set;
import java.util.function.Predicate;

/// Which files a [FileHandler] compresses itself, by gzip, for clients that accept it:
///
/// ```java
/// Compression more =
///         Compression.defaults()
///                 .withSizes(500, 2 << 20)
///                 .withTypes(type -> Compression.isText(type) || type.equals(modelObj));
/// ```
///
/// @param types which media types are worth it; asked when a file is first sent, on a shard's
///   thread
/// @param bytesMin smaller files are sent as they are: they fit into a packet or two
/// @param bytesMax larger files are sent as they are: they would hold up others, and fill the cache
public record Compression(Predicate<MediaType> types, int bytesMin, int bytesMax) {
    private static final int BYTES_MAX = 4 << 20;
    private static final int BYTES_MIN_DEFAULT = 1024;
    private static final int BYTES_MAX_DEFAULT = 1 << 20;

    /// Types that are text, or compress like it, without being called so.
    private static final Set<String> LIKE_TEXT =
            Set.of(
                    "application/ecmascript",
                    "application/geo+json",
                    "application/graphql",
                    "application/javascript",
                    "application/json",
                    "application/json5",
                    "application/manifest+json",
                    "application/postscript",
                    "application/rtf",
                    "application/sql",
                    "application/toml",
                    "application/vnd.ms-fontobject",
                    "application/wasm",
                    "application/x-httpd-php",
                    "application/x-javascript",
                    "application/x-ndjson",
                    "application/x-sh",
                    "application/x-tex",
                    "application/xml",
                    "application/xml-dtd",
                    "application/yaml",
                    "font/otf",
                    "font/ttf",
                    "image/bmp",
                    "image/vnd.microsoft.icon",
                    "image/x-icon");

    private static final Compression DEFAULTS =
            new Compression(Compression::isText, BYTES_MIN_DEFAULT, BYTES_MAX_DEFAULT);
    private static final Compression NONE =
            new Compression(_ -> false, BYTES_MIN_DEFAULT, BYTES_MAX_DEFAULT);

    /// @throws IllegalArgumentException for sizes that are not from 0 to 4 MiB, in this order
    public Compression {
        if (bytesMin < 0 || bytesMax > BYTES_MAX || bytesMin > bytesMax) {
            throw new IllegalArgumentException(
                    "sizes must be between 0 and "
                            + BYTES_MAX
                            + ", the smaller first: bytesMin="
                            + bytesMin
                            + ", bytesMax="
                            + bytesMax);
        }
    }

    /// What [#isText(MediaType)] says, of 1 KiB to 1 MiB.
    public static Compression defaults() {
        return DEFAULTS;
    }

    /// No file at all. Those that are there compressed are sent nevertheless:
    /// [FileOptions#withPrecompressed(boolean)].
    public static Compression none() {
        return NONE;
    }

    public Compression withTypes(Predicate<MediaType> compressed) {
        return new Compression(compressed, bytesMin, bytesMax);
    }

    public Compression withSizes(int smallestBytes, int largestBytes) {
        return new Compression(types, smallestBytes, largestBytes);
    }

    /// Whether files of this type are text or compress like it: `text/*`, what ends in `+json` or
    /// `+xml`, JSON, JavaScript, XML, YAML, WebAssembly, fonts and images that are not compressed
    /// in themselves, and the like.
    public static boolean isText(MediaType type) {
        String essence = type.essence();
        return essence.startsWith("text/")
                || essence.endsWith("+json")
                || essence.endsWith("+xml")
                || LIKE_TEXT.contains(essence);
    }

    boolean covers(MediaType type, long bytes) {
        return bytes >= bytesMin && bytes <= bytesMax && types.test(type);
    }
}
