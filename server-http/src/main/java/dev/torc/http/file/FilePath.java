package dev.torc.http.file;

import dev.torc.core.memory.Memory;
import dev.torc.http.message.Ascii;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The path of a request, decoded to that of a file below a root, as the kernel takes it: relative,
/// ended by NUL.
///
/// It is read as it was sent, percent-encoded, since only there a slash and `%2F` differ. Each
/// segment is one name, so nothing leads out of the root: whatever is not a name is refused, in any
/// encoding, not repaired. An empty path or one that ends in a slash is a directory.
///
/// Names that start with a dot are hidden unless told otherwise: `.git`, `.env`, `.htpasswd`.
/// `.well-known` at the root is not, which is there to be asked for (RFC 8615). A backslash is
/// refused always: it is a letter here, and a slash to some clients and proxies. A file that is yet
/// being uploaded is hidden always.
///
/// The kernel is to resolve what is left with `RESOLVE_BENEATH` (openat2(2)), because of links.
///
/// ```
///   docs/r%C3%A9sum%C3%A9.txt  →  docs/résumé.txt NUL
///                                      ^nameStart    ^length
/// ```
///
/// Writes to memory of its owner's. Reused by its shard's thread; allocates nothing but text.
final class FilePath {
    /// Bytes of a name (NAME_MAX of limits.h).
    static final int NAME_BYTES_MAX = 255;

    /// Bytes of a path with its NUL (PATH_MAX of limits.h).
    static final int PATH_BYTES_MAX = 4096;

    /// What a path turned out to be. All but the first two are for 404: who asks learns no more.
    enum Outcome {
        FILE,
        /// The root, or a path that ended in a slash, which is no longer there.
        DIRECTORY,
        /// `.` or `..`.
        DOT_SEGMENT,
        /// A name that starts with a dot.
        HIDDEN,
        /// Two slashes in a row, or one in front.
        EMPTY_SEGMENT,
        /// A slash, backslash or NUL within a name.
        NOT_A_NAME,
        /// A `%` without two hexadecimal digits.
        MALFORMED,
        /// A name beyond [#NAME_BYTES_MAX], or a path beyond [#PATH_BYTES_MAX].
        TOO_LONG;

        boolean isRefused() {
            return this != FILE && this != DIRECTORY;
        }
    }

    private static final byte[] WELL_KNOWN = Ascii.bytes(".well-known");

    private final long address;
    private final boolean hiddenServed;
    private int length;
    private int nameStart;

    /// A path in memory of `arena`, which it must outlive.
    static FilePath in(Arena arena, boolean hiddenServed) {
        return new FilePath(arena.allocate(PATH_BYTES_MAX).address(), hiddenServed);
    }

    /// A path that is written to the [#PATH_BYTES_MAX] bytes at `address`.
    FilePath(long address, boolean hiddenServed) {
        this.address = address;
        this.hiddenServed = hiddenServed;
    }

    /// Decodes `bytes` bytes at `source`, which follow the slash that stands for the root.
    Outcome decode(long source, int bytes) {
        Outcome refusal = decodeSegments(source, source + bytes);
        if (refusal.isRefused()) {
            length = 0;
            nameStart = 0;
        }
        Memory.putByte(address + length, (byte) 0);
        return refusal;
    }

    /// Where the path is.
    long address() {
        return address;
    }

    /// Bytes of the path without its NUL; 0 for the root.
    int length() {
        return length;
    }

    /// Where its last name starts, in bytes from the start of the path.
    int nameStart() {
        return nameStart;
    }

    /// Appends to the last name, such as `.gz`; false, and nothing changes, if there is no room.
    boolean append(byte[] suffix) {
        if (length + suffix.length >= PATH_BYTES_MAX) return false;
        Memory.copy(suffix, 0, address + length, suffix.length);
        length += suffix.length;
        Memory.putByte(address + length, (byte) 0);
        return true;
    }

    /// Goes on to a name within what has been a directory, such as `index.html`; false, and nothing
    /// changes, if there is no room.
    boolean enter(byte[] name) {
        int slash = length == 0 ? 0 : 1;
        if (length + slash + name.length >= PATH_BYTES_MAX) return false;
        if (slash > 0) Memory.putByte(address + length, (byte) '/');
        nameStart = length + slash;
        length = nameStart;
        return append(name);
    }

    /// Undoes [#append(byte\[\])] to a path that had `bytes` bytes.
    void truncate(int bytes) {
        assert bytes >= nameStart && bytes <= length : "bytes=" + bytes;
        length = bytes;
        Memory.putByte(address + length, (byte) 0);
    }

    /// Whether a request can ask for this name, to be listed in the root or in another directory.
    boolean admits(byte[] name, boolean inRoot) {
        for (byte octet : name) if (!isOfName(octet)) return false;
        if (name.length == 0 || name.length > NAME_BYTES_MAX) return false;
        if (name[0] != '.') return true;
        boolean dots = name.length == 1 || (name.length == 2 && name[1] == '.');
        boolean wellKnown = inRoot && Arrays.equals(name, WELL_KNOWN);
        int prefix = Math.min(name.length, Upload.TEMPORARY.length);
        boolean uploading = Arrays.equals(Arrays.copyOf(name, prefix), Upload.TEMPORARY);
        return !dots && (wellKnown || (hiddenServed && !uploading));
    }

    /// A copy of the path, without its NUL.
    byte[] bytes() {
        byte[] copy = new byte[length];
        Memory.copy(address, copy, 0, length);
        return copy;
    }

    /// A copy of its last name.
    byte[] name() {
        byte[] copy = new byte[length - nameStart];
        Memory.copy(address + nameStart, copy, 0, copy.length);
        return copy;
    }

    /// Becomes this path, which is a file's.
    ///
    /// @throws IllegalArgumentException for one that there is no room for
    void set(byte[] path) {
        if (path.length >= PATH_BYTES_MAX) {
            throw new IllegalArgumentException("the path is too long: bytes=" + path.length);
        }
        Memory.copy(path, 0, address, path.length);
        length = path.length;
        nameStart = 0;
        for (int i = 0; i < length; i++) {
            if (path[i] == '/') nameStart = i + 1;
        }
        Memory.putByte(address + length, (byte) 0);
    }

    /// Whether its last name has a dot.
    boolean hasDot() {
        for (int i = nameStart; i < length; i++) {
            if (Memory.getByte(address + i) == '.') return true;
        }
        return false;
    }

    /// The path as text; what is not UTF-8 is U+FFFD.
    @Override
    public String toString() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    private Outcome decodeSegments(long source, long end) {
        length = 0;
        nameStart = 0;
        if (source == end) return Outcome.DIRECTORY;
        for (long at = source; at < end; ) {
            byte octet = Memory.getByte(at);
            boolean slash = octet == '/';
            if (slash) {
                Outcome name = judgeName();
                if (name.isRefused()) return name;
                if (at + 1 == end) return Outcome.DIRECTORY;
            }
            boolean encoded = octet == '%';
            if (encoded && !Ascii.isTriplet(at, end)) return Outcome.MALFORMED;
            if (encoded) octet = triplet(at);
            if (!slash && !isOfName(octet)) return Outcome.NOT_A_NAME;
            if (length == PATH_BYTES_MAX - 1) return Outcome.TOO_LONG;
            Memory.putByte(address + length++, octet);
            if (slash) nameStart = length;
            if (length - nameStart > NAME_BYTES_MAX) return Outcome.TOO_LONG;
            at += encoded ? 3 : 1;
        }
        return judgeName();
    }

    /// Whether the name from [#nameStart()] on may be asked for.
    private Outcome judgeName() {
        int bytes = length - nameStart;
        if (bytes == 0) return Outcome.EMPTY_SEGMENT;
        long name = address + nameStart;
        if (Memory.getByte(name) != '.') return Outcome.FILE;
        if (bytes == 1) return Outcome.DOT_SEGMENT;
        if (bytes == 2 && Memory.getByte(name + 1) == '.') return Outcome.DOT_SEGMENT;
        boolean wellKnown =
                nameStart == 0 && bytes == WELL_KNOWN.length && starts(name, bytes, WELL_KNOWN);
        boolean served = wellKnown || (hiddenServed && !starts(name, bytes, Upload.TEMPORARY));
        return served ? Outcome.FILE : Outcome.HIDDEN;
    }

    private static boolean starts(long name, int bytes, byte[] prefix) {
        if (bytes < prefix.length) return false;
        for (int i = 0; i < prefix.length; i++) {
            if (Memory.getByte(name + i) != prefix[i]) return false;
        }
        return true;
    }

    private static boolean isOfName(byte octet) {
        return octet != '/' && octet != '\\' && octet != 0;
    }

    private static byte triplet(long at) {
        int high = Ascii.hexValue(Memory.getByte(at + 1));
        return (byte) (high << 4 | Ascii.hexValue(Memory.getByte(at + 2)));
    }
}
