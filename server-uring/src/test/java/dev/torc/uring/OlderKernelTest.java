package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.torc.uring.constants.IoUring;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.function.Consumer;
import java.util.stream.Stream;

/// What came later to an operation is refused on a kernel of the release before, and nothing is
/// prepared.
class OlderKernelTest {
    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    private static Arguments since(
            int major, int minor, String last, String what, Consumer<Sqe> prepare) {
        return Arguments.of(what, new KernelRelease(major, minor), last, prepare);
    }

    private static Arguments timeout(int major, int minor, String last, int flags) {
        return since(
                major, minor, last, "timeout " + flags, sqe -> sqe.prepareTimeout(1, 0, flags, 1));
    }

    private static Arguments cancel(int major, int minor, String last, int flags) {
        return since(
                major,
                minor,
                last,
                "cancel " + flags,
                sqe -> sqe.prepareCancelMatching(0, 0, 0, flags, 1));
    }

    static Stream<Arguments> later() {
        return Stream.of(
                timeout(5, 15, "5.14.21", IoUring.IORING_TIMEOUT_BOOTTIME),
                timeout(5, 15, "5.14.21", IoUring.IORING_TIMEOUT_REALTIME),
                timeout(5, 16, "5.15.0", IoUring.IORING_TIMEOUT_ETIME_SUCCESS),
                timeout(6, 4, "6.3", IoUring.IORING_TIMEOUT_MULTISHOT),
                since(5, 11, "5.10.200", "update", sqe -> sqe.prepareTimeoutUpdate(1, 2, 0, 1)),
                since(
                        5,
                        15,
                        "5.14",
                        "linked update",
                        sqe ->
                                sqe.prepareTimeoutUpdate(
                                        1, 2, IoUring.IORING_LINK_TIMEOUT_UPDATE, 1)),
                since(5, 13, "5.12", "multishot", sqe -> sqe.preparePollMultishot(0, 1, 1)),
                since(5, 13, "5.12", "poll update", sqe -> sqe.preparePollUpdate(1, 2, 0, 0, 1)),
                cancel(5, 19, "5.18", IoUring.IORING_ASYNC_CANCEL_ALL),
                cancel(5, 19, "5.18", IoUring.IORING_ASYNC_CANCEL_ANY),
                cancel(5, 19, "5.18", IoUring.IORING_ASYNC_CANCEL_FD),
                cancel(6, 0, "5.19", IoUring.IORING_ASYNC_CANCEL_FD_FIXED),
                cancel(6, 6, "6.5", IoUring.IORING_ASYNC_CANCEL_OP),
                cancel(6, 6, "6.5", IoUring.IORING_ASYNC_CANCEL_USERDATA),
                since(6, 10, "6.9", "nop result", sqe -> sqe.prepareNopResult(1, 0, 1)),
                since(6, 13, "6.12", "nop file", sqe -> sqe.prepareNopFile(0, 0, 1)),
                since(6, 13, "6.12", "nop buffer", sqe -> sqe.prepareNopFixedBuffer(0, 0, 1)),
                since(
                        6,
                        17,
                        "6.16",
                        "nop task work",
                        sqe -> sqe.prepareNopResult(1, IoUring.IORING_NOP_TW, 1)),
                since(6, 18, "6.17", "nop big", sqe -> sqe.prepareNop32(0, 0, 1)),
                since(6, 0, "5.19", "message fd", sqe -> sqe.prepareMsgRingFd(0, 0, 0, 0, 0, 1)),
                since(
                        6,
                        3,
                        "6.2",
                        "message flags",
                        sqe -> sqe.prepareMsgRingCqeFlags(0, 0, 0, 0, 1)),
                since(
                        5,
                        19,
                        "5.18",
                        "files",
                        sqe -> sqe.prepareFilesUpdateAlloc(Kernel.MEMORY, 0, 1, 1)));
    }

    @ParameterizedTest(name = "{0} on {2}")
    @MethodSource("later")
    void refusesWhatCameLater(
            String what, KernelRelease needed, String last, Consumer<Sqe> prepare) {
        try (Ring ring = Ring.open(RingSetup.of(2))) {
            // 0: the kernel has not been asked, so that it is its release that counts.
            Sqe sqe = new Sqe(ring, new Support(0, 0, last), new Leases());
            sqe.open(ring.next().address());
            UnsupportedException refusal =
                    assertThrows(UnsupportedException.class, () -> prepare.accept(sqe), () -> what);
            assertEquals(needed, refusal.needed());
            assertEquals(0, ring.pendingCount());
        }
    }
}
