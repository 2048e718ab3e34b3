package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IOU_PBUF_RING_INC;
import static dev.torc.uring.constants.IoUring.IOU_PBUF_RING_MMAP;

/// What a [BufferRing] is to be.
///
/// ```java
/// BufferRingSetup.of(group, 64, 4096).withIncrements()
/// ```
///
/// @param group the number that operations name it by, 0 to 65,535; unique in its ring
/// @param count of buffers: a power of two, 32,768 at most
/// @param bufferBytes of each buffer
/// @param flags `IOU_PBUF_RING_` bits
public record BufferRingSetup(int group, int count, int bufferBytes, int flags) {
    private static final int COUNT_MAX = 1 << 15;
    private static final int KNOWN = IOU_PBUF_RING_MMAP | IOU_PBUF_RING_INC;

    /// Buffers in memory of this process; each is used for one completion.
    public static BufferRingSetup of(int group, int count, int bufferBytes) {
        return new BufferRingSetup(group, count, bufferBytes, 0);
    }

    /// @throws IllegalArgumentException when a value is out of its range
    public BufferRingSetup {
        if (count < 1 || count > COUNT_MAX || Integer.bitCount(count) != 1) {
            throw new IllegalArgumentException(
                    "count must be a power of two, " + COUNT_MAX + " at most: count=" + count);
        }
        Arguments.requireRange("group", group, 0, Arguments.SHORT_MAX);
        Arguments.requirePositive("bufferBytes", bufferBytes);
        if ((flags & ~KNOWN) != 0) {
            throw new IllegalArgumentException(
                    "flags may be IOU_PBUF_RING_MMAP and _INC: flags=0x"
                            + Integer.toHexString(flags));
        }
    }

    /// Lets the kernel allocate the ring of the buffers, not the buffers themselves, and maps it
    /// here (`IOU_PBUF_RING_MMAP`, 6.4). Not for a ring without a descriptor
    /// (`REGISTERED_FD_ONLY`).
    public BufferRingSetup withKernelMemory() {
        return new BufferRingSetup(group, count, bufferBytes, flags | IOU_PBUF_RING_MMAP);
    }

    /// Lets the kernel fill each buffer bit by bit (`IOU_PBUF_RING_INC`, 6.12): a completion takes
    /// as much of it as arrived, and the next goes on behind. For few and large buffers.
    public BufferRingSetup withIncrements() {
        return new BufferRingSetup(group, count, bufferBytes, flags | IOU_PBUF_RING_INC);
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
