package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RingMessageTest {
    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    void aThreadWithoutARingCompletesSomethingInOne() throws Exception {
        try (Rig rig = new Rig()) {
            int fd = rig.ring.fd();
            Thread sender =
                    new Thread(
                            () -> {
                                RingMessage.send(fd, 42, 7);
                                RingMessage.send(fd, -1, 1 << 20, -8);
                            });
            sender.start();
            assertEquals(new Completion(7, 42, 0), rig.take());
            assertEquals(new Completion(-8, -1, 1 << 20), rig.take());
            sender.join(10_000);
            rig.assertQuiet();
        }
    }

    @Test
    void refusesWhatIsNoRing() {
        try (Rig rig = new Rig()) {
            assertEquals(Errno.EBADF, refusal(1_000_000));
            assertEquals(Errno.EBADFD, refusal(rig.pipe()[0]));
            int flags = IoUring.IORING_SETUP_R_DISABLED;
            try (Ring disabled = Ring.open(RingSetup.of(4).withFlags(flags))) {
                assertEquals(Errno.EBADFD, refusal(disabled.fd()));
            }
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    private static int refusal(int fd) {
        RingException refusal = assertThrows(RingException.class, () -> RingMessage.send(fd, 0, 1));
        assertEquals("IORING_REGISTER_SEND_MSG_RING", refusal.operation());
        return refusal.errno();
    }

    @Test
    void refusesUserDataThatIsTheRingsOwn() {
        try (Rig rig = new Rig()) {
            int fd = rig.ring.fd();
            long token = 0xff7cL << 48 | 5;
            assertThrows(IllegalArgumentException.class, () -> RingMessage.send(fd, 0, token));
            rig.assertQuiet();
        }
    }

    @Test
    void anOlderKernelIsNotAsked() {
        UnsupportedException refusal =
                assertThrows(
                        UnsupportedException.class,
                        () -> RingMessage.send(OldKernel.of(6, 12), 0, 0, 0, 0, 1));
        assertEquals(new KernelRelease(6, 13), refusal.needed());
    }
}
