package dev.torc.testkit.sim;

import java.util.Arrays;

/// One direction of a simulated connection: bytes that were written, those of them that have
/// arrived, and those of these that were read. Holds a bounded number of bytes, like the two
/// kernels' buffers that it stands for.
///
/// ```
///   read ≤ arrived ≤ written ≤ read + capacity
/// ```
final class Stream {
    private static final int BYTES_INITIAL = 64;

    private final World world;
    private final int capacity;
    private final Runnable onArrival;
    private final Runnable onRoom;
    private byte[] ring = new byte[BYTES_INITIAL];
    private long written;
    private long arrived;
    private long read;
    private boolean ended;
    private boolean endArrived;
    private boolean arriving;
    private boolean cut;

    /// `onArrival` is called when there is more to read, `onRoom` when there is more room to write.
    Stream(World world, int capacity, Runnable onArrival, Runnable onRoom) {
        this.world = world;
        this.capacity = capacity;
        this.onArrival = onArrival;
        this.onRoom = onRoom;
    }

    int room() {
        return ended ? 0 : (int) (capacity - (written - read));
    }

    int readable() {
        return (int) (arrived - read);
    }

    /// Whether everything has been read and nothing more will come.
    boolean isAtEnd() {
        return endArrived && readable() == 0;
    }

    boolean isEnded() {
        return ended;
    }

    /// Whether bytes are under way or have arrived that nobody has read.
    boolean holdsBytes() {
        return written != read;
    }

    /// Takes as many of the `length` bytes as there is room for; returns how many.
    int write(byte[] source, int index, int length) {
        int bytes = Math.min(length, room());
        if (bytes > 1 && world.happens(world.faults.partial())) {
            bytes = 1 + world.chance.nextInt(bytes);
        }
        grow((int) (written - read) + bytes);
        for (int i = 0; i < bytes; i++) {
            ring[(int) ((written + i) & (ring.length - 1))] = source[index + i];
        }
        written += bytes;
        if (bytes > 0) startArriving();
        return bytes;
    }

    /// No more will be written.
    void end() {
        if (ended) return;
        ended = true;
        startArriving();
    }

    int read(byte[] target, int index, int length) {
        int bytes = Math.min(length, readable());
        for (int i = 0; i < bytes; i++) {
            target[index + i] = ring[(int) ((read + i) & (ring.length - 1))];
        }
        read += bytes;
        if (bytes > 0) onRoom.run();
        return bytes;
    }

    /// Bytes under way are lost; what has arrived stays.
    void cut() {
        written = arrived;
        ended = true;
        cut = true;
    }

    private void startArriving() {
        if (arriving) return;
        long delayNanos = world.delayNanos();
        if (delayNanos == 0) {
            arrive(arrived < written ? written - arrived : 0);
            return;
        }
        arriving = true;
        world.schedule(
                delayNanos,
                () -> {
                    arriving = false;
                    long bytes = written - arrived;
                    if (bytes > 1 && world.happens(world.faults.partial())) {
                        bytes = 1 + world.chance.nextLong(bytes);
                    }
                    arrive(bytes);
                });
    }

    private void arrive(long bytes) {
        arrived += bytes;
        world.trace(arrived);
        boolean endFollows = ended && bytes > 0 && world.chance.nextBoolean();
        if (arrived < written || endFollows) {
            startArriving();
        } else if (ended && !cut) {
            endArrived = true;
        }
        onArrival.run();
    }

    private void grow(int bytes) {
        if (bytes <= ring.length) return;
        byte[] larger = new byte[Integer.highestOneBit(bytes - 1) << 1];
        for (long i = read; i < written; i++) {
            larger[(int) (i & (larger.length - 1))] = ring[(int) (i & (ring.length - 1))];
        }
        Arrays.fill(ring, (byte) 0xDB);
        ring = larger;
    }
}
