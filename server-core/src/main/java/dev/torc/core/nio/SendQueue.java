package dev.torc.core.nio;

import dev.torc.core.Slice;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/// What one connection has to send, slices and files, in order. Runs on the shard's thread;
/// allocates only to grow.
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

    /// Slices and file regions.
    private @Nullable Object[] items = {};

    private int first;
    private int count;
    private int offset; // of what is left of the first slice
    private long queuedBytes;
    private long sentBytes;

    /// Takes ownership of `slice`.
    void add(Slice slice) {
        if (count >= JOINED_COUNT_MIN && joinLast(slice)) return;
        append(slice);
        queuedBytes += slice.length();
    }

    void add(FileRegion file) {
        append(file);
    }

    private void append(Object item) {
        if (count == items.length) grow();
        items[(first + count) & (items.length - 1)] = item;
        count++;
    }

    private boolean joinLast(Slice slice) {
        if (!(item(count - 1) instanceof Slice last)) return false;
        if (slice.length() > Math.min(last.remaining(), JOINED_BYTES_MAX)) return false;
        queuedBytes += slice.length();
        last.append(slice.address(), slice.length());
        slice.release();
        return true;
    }

    /// Bytes in memory that have not been written.
    long queuedBytes() {
        boolean file = count > 0 && item(0) instanceof FileRegion;
        return queuedBytes + (file ? ((FileRegion) item(0)).queuedBytes() : 0);
    }

    /// Bytes written so far.
    long sentBytes() {
        return sentBytes;
    }

    /// Whether a file comes next.
    boolean startsWithFile() {
        return count > 0 && item(0) instanceof FileRegion;
    }

    /// Whether a file comes next that does not pass through memory of the process.
    boolean movesFile() {
        return count > 0 && item(0) instanceof FileRegion file && file.moves();
    }

    /// Whether another thread reads what comes next.
    boolean isReading() {
        return count > 0 && item(0) instanceof FileRegion file && file.isReading();
    }

    boolean isEmpty() {
        return count == 0;
    }

    /// Whether it is more than what should go out at once, ahead of others.
    boolean isLarge() {
        return queuedBytes > LARGE_BYTES_MIN || startsWithFile();
    }

    /// Writes once, a bounded number of bytes; `gathered` is memory to gather them in. Returns
    /// whether the socket may take more: false, too, while a file is being read.
    boolean write(SocketChannel channel, Slice gathered) throws IOException, FileFailedException {
        if (item(0) instanceof FileRegion file) return write(channel, file);
        Slice slice = (Slice) item(0);
        ByteBuffer source = isLarge(slice, offset) ? large(slice) : gather(gathered);
        int offered = source.remaining();
        int written = channel.write(source);
        advance(written);
        return written == offered;
    }

    private boolean write(SocketChannel channel, FileRegion file)
            throws IOException, FileFailedException {
        long written = file.write(channel);
        sentBytes += written;
        if (count > 0 && file.isOver()) removeFirst();
        return written > 0;
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
            if (!(item(i) instanceof Slice slice) || isLarge(slice, from, gathered)) break;
            int bytes = Math.min(slice.length() - from, gathered.remaining());
            gathered.append(slice.address() + from, bytes);
            from = 0;
        }
        return gathered.asByteBuffer().limit(gathered.length());
    }

    /// What comes behind others goes with them if it fits: a copy costs less than a write.
    private static boolean isLarge(Slice slice, int from, Slice gathered) {
        return isLarge(slice, from) && slice.length() > gathered.remaining();
    }

    private void advance(int written) {
        queuedBytes -= written;
        sentBytes += written;
        offset += written;
        while (count > 0 && item(0) instanceof Slice slice && offset >= slice.length()) {
            offset -= slice.length();
            removeFirst();
        }
    }

    private void removeFirst() {
        Object done = item(0);
        items[first] = null;
        first = (first + 1) & (items.length - 1);
        count--;
        if (done instanceof Slice slice) slice.release();
        if (done instanceof FileRegion file) file.drop();
    }

    private Object item(int index) {
        Object item = items[(first + index) & (items.length - 1)];
        if (item == null) throw new IllegalStateException("nothing is queued at " + index);
        return item;
    }

    private static boolean isLarge(Slice slice, int from) {
        return slice.length() - from >= LARGE_BYTES_MIN;
    }

    private void grow() {
        @Nullable Object[] moved = Arrays.copyOf(items, Math.max(LENGTH_INITIAL, 2 * count));
        for (int i = 0; i < count; i++) moved[i] = items[(first + i) & (count - 1)];
        items = moved;
        first = 0;
    }
}
