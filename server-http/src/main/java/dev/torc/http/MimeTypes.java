package dev.torc.http;

import dev.torc.core.memory.Memory;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.Resource;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// The media types of files by the extensions of their names, some 600 in [#defaults()]:
///
/// ```java
/// MimeTypes types = MimeTypes.defaults().with("jsonc", "application/json");
/// ```
///
/// The case of ASCII letters does not matter. An extension of two parts (`d.ts`, `tar.gz`) goes
/// before its last. What has none that is known, and names like `.profile`, are
/// `application/octet-stream`.
///
/// Text is said to be in UTF-8, which browsers would not assume. JSON is in UTF-8 always and knows
/// no `charset` (RFC 8259 11); XML, and so SVG, says itself what it is in, and would be overruled
/// (RFC 7303 3.2).
///
/// Immutable; any thread. Looking up bytes allocates nothing.
public final class MimeTypes {
    /// Bytes of the longest extension.
    public static final int EXTENSION_BYTES_MAX = 32;

    private static final String TEXT_PARAMETERS = "; charset=utf-8";
    private static final Pattern EXTENSION = Pattern.compile("[^./]+(\\.[^./]+)?");
    private static final int HASH_FACTOR = 31;
    private static final MimeTypes DEFAULTS = read("mime.types");

    private final Map<String, MediaType> types;
    private final byte[][] extensions; // a hash table with open addressing
    private final MediaType[] slots;

    private MimeTypes(Map<String, MediaType> types) {
        this.types = types;
        int size = Integer.highestOneBit(types.size() + 1) * 4; // a quarter to half full
        extensions = new byte[size][];
        slots = new MediaType[size];
        types.forEach(this::put);
    }

    /// The table that comes with Torc: what IANA has registered, corrected by what browsers do.
    public static MimeTypes defaults() {
        return DEFAULTS;
    }

    /// No types at all, to start a table of one's own.
    public static MimeTypes none() {
        return new MimeTypes(Map.of());
    }

    /// These types and another, or another for this extension.
    ///
    /// @param extension without its first dot: `tar.gz`
    /// @param mediaType with its parameters, sent as it is: `text/plain; charset=utf-8`
    /// @throws IllegalArgumentException if either cannot be one
    public MimeTypes with(String extension, String mediaType) {
        return with(extension, MediaType.of(mediaType));
    }

    /// Like [#with(String, String)].
    public MimeTypes with(String extension, MediaType mediaType) {
        int bytes = extension.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > EXTENSION_BYTES_MAX || !EXTENSION.matcher(extension).matches()) {
            throw new IllegalArgumentException(
                    "an extension has one or two parts, without a dot in front, and at most "
                            + EXTENSION_BYTES_MAX
                            + " bytes: "
                            + extension);
        }
        Map<String, MediaType> more = new HashMap<>(types);
        more.put(lowerCase(extension), mediaType);
        return new MimeTypes(more);
    }

    /// How many extensions are known.
    public int size() {
        return types.size();
    }

    /// The type of a file of this name. Directories may be in front.
    public MediaType forName(String name) {
        String file = lowerCase(name.substring(name.lastIndexOf('/') + 1));
        int last = file.lastIndexOf('.');
        int lastButOne = file.lastIndexOf('.', last - 1);
        MediaType type = lastButOne > 0 ? types.get(file.substring(lastButOne + 1)) : null;
        if (type == null && last > 0) type = types.get(file.substring(last + 1));
        return type == null ? MediaType.APPLICATION_OCTET_STREAM : type;
    }

    /// For handlers of files: the type of one whose name is `length` bytes of UTF-8 at a native
    /// address. Directories may be in front.
    public MediaType forName(long address, int length) {
        long end = address + length;
        long last = dotBefore(end, address);
        MediaType type = null;
        if (last >= 0) {
            long lastButOne = dotBefore(last, address);
            if (lastButOne >= 0) type = find(lastButOne + 1, end);
            if (type == null) type = find(last + 1, end);
        }
        return type == null ? MediaType.APPLICATION_OCTET_STREAM : type;
    }

    /// Where the last dot before `end` is that is within the name and does not start it, or -1.
    private static long dotBefore(long end, long start) {
        for (long at = end - 1; at > start && end - at <= EXTENSION_BYTES_MAX + 1; at--) {
            byte octet = Memory.getByte(at);
            if (octet == '/') return -1;
            if (octet == '.') return Memory.getByte(at - 1) == '/' ? -1 : at;
        }
        return -1;
    }

    private @Nullable MediaType find(long address, long end) {
        int hash = 0;
        for (long at = address; at < end; at++) {
            hash = HASH_FACTOR * hash + Ascii.toLowerCase(Memory.getByte(at));
        }
        for (int slot = slot(hash); ; slot = slot + 1 & extensions.length - 1) {
            byte[] extension = extensions[slot];
            if (extension == null) return null;
            if (Ascii.equalsIgnoreCase(address, (int) (end - address), extension)) {
                return slots[slot];
            }
        }
    }

    private void put(String extension, MediaType type) {
        byte[] bytes = extension.getBytes(StandardCharsets.UTF_8);
        int hash = 0;
        for (byte octet : bytes) hash = HASH_FACTOR * hash + octet;
        int slot = slot(hash);
        while (extensions[slot] != null) slot = slot + 1 & extensions.length - 1;
        extensions[slot] = bytes;
        slots[slot] = type;
    }

    private int slot(int hash) {
        return (hash ^ hash >>> 16) & extensions.length - 1;
    }

    /// Of ASCII letters only: what others are is for the file system to say.
    private static String lowerCase(String text) {
        StringBuilder lower = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') lower.setCharAt(i, (char) (c + 0x20));
        }
        return lower.toString();
    }

    /// The table in the classic format: a type and its extensions on each line.
    private static MimeTypes read(String resource) {
        Map<String, MediaType> types = new HashMap<>();
        for (String line : Resource.text(MimeTypes.class, resource).lines().toList()) {
            if (line.startsWith("#")) continue;
            String[] words = line.split(" ", -1);
            boolean isText = words[0].startsWith("text/");
            MediaType type = MediaType.of(isText ? words[0] + TEXT_PARAMETERS : words[0]);
            for (int i = 1; i < words.length; i++) types.put(words[i], type);
        }
        return new MimeTypes(types);
    }
}
