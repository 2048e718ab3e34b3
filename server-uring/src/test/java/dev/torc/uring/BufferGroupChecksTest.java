package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IORING_CQE_BUFFER_SHIFT;
import static dev.torc.uring.constants.IoUring.IORING_CQE_F_BUFFER;
import static dev.torc.uring.constants.IoUring.IORING_CQE_F_BUF_MORE;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.uring.constants.Errno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Completions that no kernel should post do no harm.
class BufferGroupChecksTest {
    private static final int GROUP = 7;
    private static final int COUNT = 4;
    private static final int BYTES = 8;
    private static final BufferRingSetup SETUP = BufferRingSetup.of(GROUP, COUNT, BYTES);

    private Rig rig;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @SuppressWarnings("NullAway.Init") // by the fixture, before each test
    BufferGroupChecksTest() {}

    @BeforeEach
    void open() {
        rig = new Rig();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aWrongCompletionIsRefusedAndChangesNothing() {
        try (BufferGroup group = open(SETUP)) {
            assertWrong(group, 1, flags(COUNT));
            assertWrong(group, 1, flags(0xffff));
            assertWrong(group, BYTES + 1, flags(0));
            assertWrong(group, 1, flags(0) & ~IORING_CQE_F_BUFFER);
            assertWrong(group, 1, flags(0) | IORING_CQE_F_BUF_MORE);
            assertThrows(IllegalStateException.class, () -> group.put(1, flags(0)));
            assertThrows(IllegalStateException.class, () -> group.put(1, flags(COUNT)));
            assertThrows(IllegalStateException.class, () -> group.put(1, 0));
            group.recvBundle(rig.socketPair()[0], 0, 1);
            assertWrong(group, 1, flags(COUNT));
            assertWrong(group, COUNT * BYTES + 1, flags(0));
            assertWrong(group, COUNT * BYTES, flags(0) | IORING_CQE_F_BUF_MORE);
            // The ring begins with buffer 0: behind the last there are no more.
            assertEquals(1, group.take(BYTES, flags(0)));
            assertWrong(group, BYTES + 1, flags(COUNT - 1));
            assertWrong(group, 1, flags(0));
            assertEquals(1, group.outCount());
        }
    }

    @Test
    void aWrongIncrementIsRefused() {
        try (BufferGroup group = open(SETUP.withIncrements())) {
            assertWrong(group, BYTES + 1, flags(1));
            assertWrong(group, BYTES, flags(1) | IORING_CQE_F_BUF_MORE);
            assertEquals(1, group.take(5, flags(1) | IORING_CQE_F_BUF_MORE));
            assertWrong(group, 4, flags(1));
            assertWrong(group, 3, flags(1) | IORING_CQE_F_BUF_MORE);
            // A kernel thread takes all that is left of a buffer, however little it needs.
            assertEquals(1, group.take(1, flags(1)));
            assertEquals(BYTES + 5, group.position(0));
            assertWrong(group, 1, flags(1));
            assertEquals(2, group.outCount());
            assertThrows(IllegalStateException.class, () -> group.put(1, flags(COUNT)));
        }
    }

    private static void assertWrong(BufferGroup group, int result, int flags) {
        int before = group.outCount();
        assertThrows(IllegalStateException.class, () -> group.take(result, flags));
        assertEquals(before, group.outCount());
    }

    @Test
    void aFailureThatHadABufferGivesItBackByItself() {
        try (BufferGroup group = open(BufferRingSetup.of(GROUP, 1, BYTES))) {
            for (int i = 0; i < 3; i++) assertEquals(0, group.take(-Errno.ECONNRESET, flags(0)));
            assertEquals(0, group.outCount());
            group.put(-Errno.ECONNRESET, flags(0));
        }
    }

    private BufferGroup open(BufferRingSetup setup) {
        boolean known = setup.flags() == 0 || rig.ring.support().isFrom(6, 12);
        assumeTrue(known, "increments came with Linux 6.12");
        return BufferGroup.open(rig.ring, setup);
    }

    private static int flags(int bufferId) {
        return bufferId << IORING_CQE_BUFFER_SHIFT | IORING_CQE_F_BUFFER;
    }
}
