package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RestrictionsTest {
    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    private static Rig restricted(Restrictions restrictions) {
        int flags = IoUring.IORING_SETUP_R_DISABLED | IoUring.IORING_SETUP_SUBMIT_ALL;
        Rig rig = new Rig(Ring.open(RingSetup.of(8).withFlags(flags)));
        rig.ring.registrations().restrict(restrictions);
        rig.ring.enable();
        return rig;
    }

    @Test
    void onlyAllowedOperationsRun() {
        try (Rig rig = restricted(Restrictions.none().allowOperations(IoUring.IORING_OP_NOP))) {
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
            assertEquals(-Errno.EACCES, rig.run(rig.next().prepareTimeout(1000, 0, 0, 2)));
            assertEquals(-Errno.EACCES, rig.run(rig.next().prepareNop(1).addFlags(link())));
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    @Test
    void onlyAllowedRegistrationsAreMade() {
        Restrictions restrictions =
                Restrictions.none()
                        .allowOperations(IoUring.IORING_OP_NOP)
                        .allowRegistrations(
                                IoUring.IORING_REGISTER_PERSONALITY, IoUring.IORING_REGISTER_PROBE);
        try (Rig rig = restricted(restrictions)) {
            assertEquals(1, rig.ring.registrations().registerPersonality());
            RingException refusal =
                    assertThrows(
                            RingException.class,
                            () -> rig.ring.registrations().unregisterPersonality(1));
            assertEquals(
                    "IORING_UNREGISTER_PERSONALITY: EACCES (permission denied)",
                    refusal.getMessage());
            assertThrows(RingException.class, () -> RegisteredBuffers.sparse(rig.ring, 1));
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    @Test
    void flagsMayBeAllowedAndRequired() {
        Restrictions restrictions =
                Restrictions.none()
                        .allowOperations(IoUring.IORING_OP_NOP, IoUring.IORING_OP_TIMEOUT)
                        .allowFlags(link())
                        .requireFlags(IoUring.IOSQE_ASYNC);
        try (Rig rig = restricted(restrictions)) {
            int required = IoUring.IOSQE_ASYNC;
            assertEquals(-Errno.EACCES, rig.run(rig.next().prepareNop(1)));
            assertEquals(0, rig.run(rig.next().prepareNop(1).addFlags(required)));
            assertEquals(0, rig.run(rig.next().prepareNop(1).addFlags(required | link())));
            int hard = IoUring.IOSQE_IO_HARDLINK;
            assertEquals(
                    -Errno.EACCES, rig.run(rig.next().prepareNop(1).addFlags(required | hard)));
        }
    }

    @Test
    void nothingIsRestrictedOnceTheRingIsEnabled() {
        try (Rig rig = new Rig()) {
            Restrictions some = Restrictions.none().allowOperations(IoUring.IORING_OP_NOP);
            RingException refusal =
                    assertThrows(
                            RingException.class, () -> rig.ring.registrations().restrict(some));
            assertEquals("IORING_REGISTER_RESTRICTIONS", refusal.operation());
            assertEquals(Errno.EBADFD, refusal.errno());
            RingException enabled = assertThrows(RingException.class, () -> rig.ring.enable());
            assertEquals(Errno.EBADFD, enabled.errno());
            assertEquals(-Errno.ETIME, rig.run(rig.next().prepareTimeout(1000, 0, 0, 2)));
        }
    }

    @Test
    void aValueIsNotChanged() {
        Restrictions one = Restrictions.none().allowOperations(IoUring.IORING_OP_NOP);
        Restrictions two = one.allowFlags(link());
        assertEquals(0, Restrictions.none().count());
        assertEquals(1, one.count());
        assertEquals(2, two.count());
        assertThrows(IllegalArgumentException.class, () -> one.allowOperations(256));
        assertThrows(IllegalArgumentException.class, () -> one.allowRegistrations(-1));
        assertThrows(IllegalArgumentException.class, () -> one.requireFlags(256));
    }

    private static int link() {
        return IoUring.IOSQE_IO_LINK;
    }
}
