package dev.torc.core.nio;

import dev.torc.core.Slice;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/// What one connection has to send, in order. Runs on the shard's thread; allocates only to grow.
///
/// Small slices are copied together and go out with one `write`. The JDK's own gathering write
/// allocates for each buffer over memory that it did not allocate itself (`IOUtil.write`), and the
/// copy costs less than that. A large slice is written from where it is.
final class SendQueue {
    /// Bytes of the memory in which small slices are gathered.
    static final int GATHER_BYTES = 64 * 1024;

    // A peer that does not read must not make each small send hold a slice of its own.
    private static final int JOINED_COUNT_MIN = 8;
    private static final int JOINED_BYTES_MAX = 4096;

    private static final int LARGE_BYTES_MIN = 16 * 1024;
    private static final int WRITE_BYTES_MAX = 64 * 1024;
    private static final int LENGTH_INITIAL = 4;

    private @Nullable Slice[] slices = {};
    private int first;
    private int count;
    private int offset; // of what is left of the first slice
    private long queuedBytes;

    /// Takes ownership of `slice`.
    void add(Slice slice) {
        if (count >= JOINED_COUNT_MIN && joinLast(slice)) return;
        if (count == slices.length) grow();
        slices[(first + count) & (slices.length - 1)] = slice;
        count++;
        queuedBytes += slice.length();
    }

    private boolean joinLast(Slice slice) {
        Slice last = slice(count - 1);
        if (slice.length() > Math.min(last.remaining(), JOINED_BYTES_MAX)) return false;
        queuedBytes += slice.length();
        last.append(slice.address(), slice.length());
        slice.release();
        return true;
    }

    long queuedBytes() {
        return queuedBytes;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /// Whether it is more than what should go out at once, ahead of others.
    boolean isLarge() {
        return queuedBytes > LARGE_BYTES_MIN;
    }

    /// Writes once, a bounded number of bytes; `gathered` is memory to gather them in. Returns
    /// whether the socket took all that it was given.
    boolean write(SocketChannel channel, Slice gathered) throws IOException {
        ByteBuffer source = isLarge(slice(0), offset) ? large(slice(0)) : gather(gathered);
        int offered = source.remaining();
        int written = channel.write(source);
        advance(written);
        return written == offered;
    }

    /// Releases everything.
    void drop() {
        while (count > 0) removeFirst();
        queuedBytes = 0;
    }

    private ByteBuffer large(Slice slice) {
        int bytes = Math.min(slice.length() - offset, WRITE_BYTES_MAX);
        return slice.asByteBuffer().limit(offset + bytes).position(offset);
    }

    private ByteBuffer gather(Slice gathered) {
        gathered.length(0);
        int from = offset;
        for (int i = 0; i < count && gathered.remaining() > 0; i++) {
            Slice slice = slice(i);
            if (isLarge(slice, from)) break;
            int bytes = Math.min(slice.length() - from, gathered.remaining());
            gathered.append(slice.address() + from, bytes);
            from = 0;
        }
        return gathered.asByteBuffer().limit(gathered.length());
    }

    private void advance(int written) {
        queuedBytes -= written;
        offset += written;
        while (count > 0 && offset >= slice(0).length()) {
            offset -= slice(0).length();
            removeFirst();
        }
    }

    private void removeFirst() {
        Slice done = slice(0);
        slices[first] = null;
        first = (first + 1) & (slices.length - 1);
        count--;
        done.release();
    }

    private Slice slice(int index) {
        Slice slice = slices[(first + index) & (slices.length - 1)];
        if (slice == null) throw new IllegalStateException("no slice at " + index);
        return slice;
    }

    private static boolean isLarge(Slice slice, int from) {
        return slice.length() - from >= LARGE_BYTES_MIN;
    }

    private void grow() {
        @Nullable Slice[] moved = Arrays.copyOf(slices, Math.max(LENGTH_INITIAL, 2 * count));
        for (int i = 0; i < count; i++) moved[i] = slices[(first + i) & (count - 1)];
        slices = moved;
        first = 0;
    }
}
