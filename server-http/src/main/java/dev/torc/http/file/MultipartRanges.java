package dev.torc.http.file;

import dev.torc.http.MediaType;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.FileParts;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;

/// The framing of an answer with several parts of a file, `multipart/byteranges` (RFC 9110 14.6):
/// what goes before each part and behind the last, and how much all of it is.
///
/// The boundary must not occur in the file (RFC 2046 5.1.1), which nobody searches for it. So it is
/// 128 random bits, new for each answer: one that was fixed, or could be guessed, might be put into
/// a file on purpose, to make parts of what is none. It has always the same length, so the whole
/// answer's is known beforehand.
///
/// Immutable, so that it outlives the [ByteRanges] that it was made of; any thread. Allocates what
/// it holds: [ByteRanges#RANGES_MAX] heads at most.
final class MultipartRanges implements FileParts {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BOUNDARY_BYTES = 16;

    private final MediaType type;
    private final long[] starts;
    private final long[] ends;
    private final byte[][] frames;
    private final long contentLength;

    private MultipartRanges(
            ByteRanges ranges, long sizeBytes, @Nullable MediaType partType, String boundary) {
        int count = ranges.count();
        type = MediaType.of("multipart/byteranges; boundary=" + boundary);
        starts = new long[count];
        ends = new long[count];
        frames = new byte[count + 1][];
        long total = 0;
        for (int part = 0; part < count; part++) {
            starts[part] = ranges.start(part);
            ends[part] = ranges.end(part);
            frames[part] = head(part, sizeBytes, partType, boundary);
            total += frames[part].length + ends[part] - starts[part];
        }
        frames[count] = Ascii.bytes("\r\n--" + boundary + "--\r\n");
        contentLength = total + frames[count].length;
    }

    /// An answer with these parts of a file of this size.
    ///
    /// @param partType of the file; null if its answers have no `Content-Type`
    static MultipartRanges of(ByteRanges ranges, long sizeBytes, @Nullable MediaType partType) {
        byte[] random = new byte[BOUNDARY_BYTES];
        RANDOM.nextBytes(random);
        return new MultipartRanges(ranges, sizeBytes, partType, HexFormat.of().formatHex(random));
    }

    /// The `Content-Type` of the answer, which has no `Content-Range` of its own (RFC 9110
    /// 15.3.7.2).
    MediaType type() {
        return type;
    }

    /// Bytes of the whole answer: all frames and all parts.
    @Override
    public long contentLength() {
        return contentLength;
    }

    @Override
    public int count() {
        return starts.length;
    }

    @Override
    public long start(int part) {
        return starts[part];
    }

    @Override
    public long end(int part) {
        return ends[part];
    }

    @Override
    public byte[] frame(int part) {
        return frames[part];
    }

    private byte[] head(int part, long sizeBytes, @Nullable MediaType partType, String boundary) {
        byte[] range = new byte[ContentRange.BYTES_MAX];
        int length = ContentRange.put(starts[part], ends[part], sizeBytes, range, 0);
        String delimiter = part == 0 ? "--" : "\r\n--";
        String typeLine = partType == null ? "" : "Content-Type: " + partType + "\r\n";
        String rangeText = new String(range, 0, length, StandardCharsets.ISO_8859_1);
        return Ascii.bytes(
                delimiter
                        + boundary
                        + "\r\n"
                        + typeLine
                        + "Content-Range: "
                        + rangeText
                        + "\r\n\r\n");
    }
}
