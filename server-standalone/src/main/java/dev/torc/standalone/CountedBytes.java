package dev.torc.standalone;

import dev.torc.core.Slice;
import dev.torc.http.BodyProducer;

/// The bytes 0, 1, ..., 255, 0, 1, ..., as many as asked for. On the shard's thread; holds nothing
/// but its position.
final class CountedBytes implements BodyProducer {
    private static final int PERIOD = 256;
    private static final byte[] PATTERN = pattern();

    private final long total;
    private long position;

    CountedBytes(long total) {
        this.total = total;
    }

    @Override
    public Progress produce(Slice buffer) {
        int from = (int) (position % PERIOD);
        int room = Math.min(buffer.remaining(), PATTERN.length - from);
        int bytes = (int) Math.min(room, total - position);
        buffer.append(PATTERN, from, bytes);
        position += bytes;
        return position == total ? Progress.DONE : Progress.MORE;
    }

    private static byte[] pattern() {
        byte[] pattern = new byte[64 * 1024 + PERIOD];
        for (int i = 0; i < pattern.length; i++) pattern[i] = (byte) i;
        return pattern;
    }
}
