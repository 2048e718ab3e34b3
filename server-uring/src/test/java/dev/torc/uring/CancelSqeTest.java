package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

class CancelSqeTest {
    private static final int ALL = IoUring.IORING_ASYNC_CANCEL_ALL;
    private static final int ANY = IoUring.IORING_ASYNC_CANCEL_ANY;
    private static final int FD = IoUring.IORING_ASYNC_CANCEL_FD;
    private static final int FD_FIXED = IoUring.IORING_ASYNC_CANCEL_FD_FIXED;
    private static final int OP = IoUring.IORING_ASYNC_CANCEL_OP;
    private static final int USERDATA = IoUring.IORING_ASYNC_CANCEL_USERDATA;
    private static final long NEVER = 3_600_000_000_000L;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    /// Those of operations with these user data, which are cancelled, and of the one that does it.
    private static Set<Completion> cancelled(int result, long userData, long... all) {
        Set<Completion> expected = new HashSet<>();
        for (long each : all) expected.add(new Completion(each, -Errno.ECANCELED, 0));
        expected.add(new Completion(userData, result, 0));
        return expected;
    }

    private static Set<Completion> take(Rig rig, int count) {
        Set<Completion> completions = new HashSet<>();
        for (int i = 0; i < count; i++) completions.add(rig.take());
        rig.assertQuiet();
        return completions;
    }

    private static void read(Rig rig, int fd, IoMemory memory, long userData) {
        rig.next().prepareRead(fd, memory, 0, 8, -1, userData);
    }

    private static void poll(Rig rig, int fd, long userData) {
        rig.next().preparePollAdd(fd, Linux.POLLIN, userData);
    }

    @Test
    @Does("ASYNC_CANCEL")
    void cancelsAnOperationWithMemory() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(8);
            int fd = rig.socketPair()[0];
            read(rig, fd, memory, 1);
            poll(rig, fd, 2);
            assertEquals(2, rig.ring.submit());
            assertTrue(memory.isLent());
            rig.next().prepareCancel(1, 0, 9);
            assertEquals(cancelled(0, 9, 1), take(rig, 2));
            assertFalse(memory.isLent());
            rig.next().prepareCancel(2, 0, 9);
            assertEquals(cancelled(0, 9, 2), take(rig, 2));
        }
    }

    @Test
    @Does("ASYNC_CANCEL")
    void cancelsAllWithTheSameUserDataWhenTheyHoldNoMemory() {
        try (Rig rig = new Rig()) {
            int fd = rig.socketPair()[0];
            poll(rig, fd, 1);
            poll(rig, fd, 1);
            rig.next().prepareTimeout(NEVER, 0, 0, 1);
            poll(rig, fd, 2);
            rig.ring.submit();
            rig.next().prepareCancel(1, ALL, 9);
            int count = 0;
            for (int i = 0; i < 4; i++) {
                Completion completion = rig.take();
                if (completion.userData() == 9) assertEquals(3, completion.result());
                else if (completion.equals(new Completion(1, -Errno.ECANCELED, 0))) count++;
            }
            assertEquals(3, count);
            rig.assertQuiet();
        }
    }

    @Test
    void doesNotMissAnyOfThoseWithTheSameUserData() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(8);
            int fd = rig.socketPair()[0];
            read(rig, fd, memory, 1);
            poll(rig, fd, 1);
            rig.ring.submit();
            Sqe sqe = rig.next();
            // The kernel knows the two by different names: either would be cancelled, or the other.
            assertThrows(IllegalStateException.class, () -> sqe.prepareCancel(1, ALL, 9));
            assertThrows(
                    IllegalStateException.class,
                    () -> sqe.prepareCancelMatching(fd, 0, 1, ALL | FD | USERDATA, 9));
            sqe.prepareCancelFd(fd, ALL, 9);
            assertEquals(cancelled(2, 9, 1), take(rig, 3));
        }
    }

    @Test
    void doesNotPickOneOfSeveralWithMemory() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(8);
            int fd = rig.socketPair()[0];
            read(rig, fd, memory, 1);
            read(rig, fd, memory, 1);
            rig.ring.submit();
            Sqe sqe = rig.next();
            assertThrows(IllegalStateException.class, () -> sqe.prepareCancel(1, 0, 9));
            assertThrows(IllegalStateException.class, () -> sqe.prepareCancel(1, ALL, 9));
            sqe.prepareCancelFd(fd, ALL, 9);
            assertEquals(cancelled(2, 9, 1), take(rig, 3));
            assertFalse(memory.isLent());
        }
    }

    @Test
    @Does("ASYNC_CANCEL")
    void cancelsByDescriptor() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(8);
            int[] pair = rig.socketPair();
            read(rig, pair[0], memory, 1);
            read(rig, pair[1], memory, 2);
            poll(rig, pair[0], 3);
            rig.ring.submit();
            rig.next().prepareCancelFd(pair[1], 0, 9);
            assertEquals(cancelled(0, 9, 2), take(rig, 2));
            rig.next().prepareCancelFd(pair[0], ALL, 9);
            assertEquals(cancelled(2, 9, 1, 3), take(rig, 3));
        }
    }

    @Test
    @Does("ASYNC_CANCEL")
    void cancelsByDirectDescriptor() {
        try (Rig rig = new Rig()) {
            assertEquals(4, new DirectDescriptors(rig.ring, 4).count());
            IoMemory fds = rig.memory(4);
            int fd = rig.socketPair()[0];
            fds.segment().set(java.lang.foreign.ValueLayout.JAVA_INT, 0, fd);
            assertEquals(1, rig.run(rig.next().prepareFilesUpdate(fds, 0, 1, 2, 1)));
            IoMemory memory = rig.memory(8);
            rig.next().prepareRead(2, memory, 0, 8, -1, 1).addFlags(IoUring.IOSQE_FIXED_FILE);
            rig.ring.submit();
            rig.next().prepareCancelFd(2, FD_FIXED, 9);
            assertEquals(cancelled(0, 9, 1), take(rig, 2));
        }
    }

    @Test
    @Does("ASYNC_CANCEL")
    void cancelsByOpcode() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(8);
            int fd = rig.socketPair()[0];
            read(rig, fd, memory, 1);
            poll(rig, fd, 2);
            poll(rig, fd, 3);
            rig.ring.submit();
            rig.next().prepareCancelOpcode(IoUring.IORING_OP_READ, 0, 9);
            assertEquals(cancelled(0, 9, 1), take(rig, 2));
            rig.next().prepareCancelOpcode(IoUring.IORING_OP_POLL_ADD, ALL, 9);
            assertEquals(cancelled(2, 9, 2, 3), take(rig, 3));
        }
    }

    @Test
    @Does("ASYNC_CANCEL")
    void cancelsWhatMatchesInEverything() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(8);
            int[] pair = rig.socketPair();
            read(rig, pair[0], memory, 1);
            poll(rig, pair[0], 2);
            poll(rig, pair[1], 3);
            rig.ring.submit();
            int poll = IoUring.IORING_OP_POLL_ADD;
            int read = IoUring.IORING_OP_READ;
            rig.next().prepareCancelMatching(pair[1], read, 0, FD | OP, 8);
            assertEquals(new Completion(8, -Errno.ENOENT, 0), rig.take());
            rig.next().prepareCancelMatching(pair[1], 0, 1, FD | USERDATA, 8);
            assertEquals(new Completion(8, -Errno.ENOENT, 0), rig.take());
            rig.next().prepareCancelMatching(pair[0], poll, 0, FD | OP | ALL, 9);
            assertEquals(cancelled(1, 9, 2), take(rig, 2));
            rig.next().prepareCancelMatching(pair[0], read, 1, FD | OP | USERDATA, 9);
            assertEquals(cancelled(0, 9, 1), take(rig, 2));
            rig.next().prepareCancelMatching(-1, poll, 3, OP | USERDATA, 9);
            assertEquals(cancelled(0, 9, 3), take(rig, 2));
        }
    }

    @Test
    @Does("ASYNC_CANCEL")
    void cancelsWhateverThereIs() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(8);
            int fd = rig.socketPair()[0];
            read(rig, fd, memory, 0);
            rig.ring.submit();
            rig.next().prepareCancel(0, ANY, 9);
            assertEquals(cancelled(1, 9, 0), take(rig, 2));
            read(rig, fd, memory, 0);
            read(rig, fd, memory, 0);
            poll(rig, fd, 2);
            rig.next().prepareTimeout(NEVER, 0, 0, 3);
            rig.ring.submit();
            rig.next().prepareCancel(0, ANY | ALL, 9);
            assertEquals(cancelled(4, 9, 0, 2, 3), take(rig, 5));
        }
    }

    /// Cancelling everything, as closing does, looks for no user data.
    @Test
    void closingARingEndsSeveralOperationsOfTheSameUserData() {
        Rig rig = new Rig();
        IoMemory memory = rig.memory(8);
        int fd = rig.socketPair()[0];
        read(rig, fd, memory, 0);
        read(rig, fd, memory, 0);
        rig.ring.submit();
        rig.close();
        assertEquals(0, rig.ring.lendingCount());
    }

    @Test
    @Refuses("ASYNC_CANCEL")
    void findsNothing() {
        try (Rig rig = new Rig()) {
            assertEquals(-Errno.ENOENT, rig.run(rig.next().prepareCancel(1, 0, 9)));
            assertEquals(0, rig.run(rig.next().prepareCancel(1, ALL, 9)));
            assertEquals(-Errno.EBADF, rig.run(rig.next().prepareCancelFd(-1, 0, 9)));
            assertEquals(-Errno.EINVAL, rig.run(rig.next().prepareCancelFd(0, ANY, 9)));
            assertEquals(0, rig.run(rig.next().prepareNop(2)));
        }
    }

    @Test
    void putsEachKeyWhereTheKernelLooks() {
        try (Rig rig = new Rig()) {
            Sqe sqe = rig.next().prepareCancelMatching(5, 6, 7, FD | OP | USERDATA, 9);
            assertEquals(5, Memory.getInt(sqe.address() + SqeLayout.FD));
            assertEquals(6, Memory.getInt(sqe.address() + SqeLayout.LEN));
            assertEquals(7, Memory.getLong(sqe.address() + SqeLayout.ADDR));
            assertEquals(FD | OP | USERDATA, Memory.getInt(sqe.address() + SqeLayout.OP_FLAGS));
            Sqe next = rig.next();
            assertThrows(IllegalArgumentException.class, () -> next.prepareCancel(7, FD, 9));
            assertThrows(IllegalArgumentException.class, () -> next.prepareCancel(7, OP, 9));
        }
    }
}
