package dev.torc.http.file;

import dev.torc.http.message.Ascii;

/// Values of `Content-Range` (RFC 9110 14.4). Allocates nothing; any thread.
final class ContentRange {
    private static final byte[] UNIT = Ascii.bytes("bytes ");

    /// Bytes of the longest value.
    static final int BYTES_MAX = UNIT.length + 3 * Decimal.DIGITS_MAX + 2;

    private ContentRange() {}

    /// Writes `bytes 0-99/1000` from `index` on, for a range that is not empty, and returns the
    /// index behind it.
    ///
    /// @param end of the range, exclusive
    static int put(long start, long end, long sizeBytes, byte[] target, int index) {
        assert start >= 0 && start < end && end <= sizeBytes : start + " " + end + " " + sizeBytes;
        int at = Decimal.put(start, target, putUnit(target, index));
        target[at++] = '-';
        at = Decimal.put(end - 1, target, at);
        return putSize(sizeBytes, target, at);
    }

    /// Writes what goes with 416, `bytes */1000`, from `index` on and returns the index behind it.
    static int putUnsatisfied(long sizeBytes, byte[] target, int index) {
        int at = putUnit(target, index);
        target[at++] = '*';
        return putSize(sizeBytes, target, at);
    }

    private static int putUnit(byte[] target, int index) {
        System.arraycopy(UNIT, 0, target, index, UNIT.length);
        return index + UNIT.length;
    }

    private static int putSize(long sizeBytes, byte[] target, int at) {
        target[at++] = '/';
        return Decimal.put(sizeBytes, target, at);
    }
}
