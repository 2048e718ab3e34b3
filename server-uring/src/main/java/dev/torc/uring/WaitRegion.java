package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IORING_ENTER_EXT_ARG;
import static dev.torc.uring.constants.IoUring.IORING_ENTER_EXT_ARG_REG;

import dev.torc.uring.abi.MemRegion;
import dev.torc.uring.abi.Pages;
import dev.torc.uring.abi.RegWait;
import dev.torc.uring.constants.IoUring;

import java.lang.foreign.Arena;
import java.util.Objects;

/// Bounds of waits that the kernel reads where they are, by number, instead of copying them at each
/// wait (`IORING_REGISTER_MEM_REGION` and `IORING_ENTER_EXT_ARG_REG`, 6.13). It stays until its
/// ring is closed. Runs on the ring's thread; waiting allocates nothing.
public final class WaitRegion {
    private static final int COUNT_MAX = 1 << 16;

    private final Ring ring;
    private final int count;
    private final long address;

    /// Registers `count` waits (1 to 65,536), all without bounds, with a ring that was opened with
    /// `R_DISABLED` and is not enabled yet.
    ///
    /// @throws UnsupportedException when the kernel is older than 6.13
    /// @throws RingException `EINVAL` when the ring is enabled, `EBUSY` when it has a region,
    ///   `ENOMEM` when `RLIMIT_MEMLOCK` is used up
    public WaitRegion(Ring ring, int count) {
        Arguments.requireRange("count", count, 1, COUNT_MAX);
        ring.requireOpen();
        ring.support().require("IORING_REGISTER_MEM_REGION", 6, 13);
        this.ring = ring;
        this.count = count;
        long page = Pages.bytes(); // regions are made of whole ones
        long bytes = (count * (long) RegWait.BYTES + page - 1) & -page;
        address = RingMemory.anonymous(ring.kernel(), bytes);
        try (Arena scratch = Arena.ofConfined()) {
            long region = scratch.allocate(MemRegion.BYTES, Long.BYTES).address();
            MemRegion.putWaits(region, address, bytes);
            ring.registrations().call("MEM_REGION", IoUring.IORING_REGISTER_MEM_REGION, region, 1);
        } catch (RingException failure) {
            ring.kernel().munmap(address, bytes);
            throw failure;
        }
        ring.registrations().atEnd(() -> ring.kernel().munmap(address, bytes));
    }

    /// Waits in the region, numbered from 0.
    public int count() {
        return count;
    }

    /// Bounds the wait `index`: see [Waits#submitAndWait(int, long, long)].
    public void set(int index, long minWaitNanos, long waitNanos) {
        long wait = address + offset(index);
        int micros = Waits.micros(minWaitNanos);
        Arguments.requireNotNegative("waitNanos", waitNanos);
        ring.requireOpen(); // otherwise it is unmapped
        RegWait.put(wait, micros, waitNanos);
    }

    /// Submits what has been prepared and waits for `completions` within the bounds of the wait
    /// `index`. Returns how many entries the kernel took, or `-errno`; `-ETIME` says that the time
    /// was up. Matches `io_uring_submit_and_wait_reg`.
    public int submitAndWait(int completions, int index) {
        Arguments.requireNotNegative("completions", completions);
        long offset = offset(index);
        int flags = IORING_ENTER_EXT_ARG | IORING_ENTER_EXT_ARG_REG;
        return ring.enter(completions, flags, offset, RegWait.BYTES);
    }

    private long offset(int index) {
        return (long) Objects.checkIndex(index, count) * RegWait.BYTES;
    }
}
