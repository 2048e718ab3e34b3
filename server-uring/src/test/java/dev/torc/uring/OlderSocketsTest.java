package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.IoUring;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// What came later to an operation on a socket is refused on a kernel of the release before.
class OlderSocketsTest {
    private static final InetSocketAddress ADDRESS =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    /// What an operation is prepared with.
    record Things(
            IoMemory memory, IoVectors vectors, MessageHeader message, BufferSelection buffers) {}

    interface Preparation {
        Sqe prepare(Sqe sqe, Things things);
    }

    private static Arguments since(int major, int minor, String what, Preparation preparation) {
        return Arguments.of(what, major, minor, preparation);
    }

    static Stream<Arguments> later() {
        return Stream.concat(Stream.concat(accepts(), transfers()), commands());
    }

    private static Stream<Arguments> accepts() {
        SocketAddressBuffer peer = new SocketAddressBuffer();
        return Stream.of(
                since(5, 15, "direct", (s, t) -> s.prepareAcceptDirect(0, 0, 0, 1)),
                since(5, 15, "direct peer", (s, t) -> s.prepareAcceptDirect(0, peer, 0, 0, 1)),
                since(5, 19, "alloc", (s, t) -> s.prepareAcceptDirectAlloc(0, 0, 1)),
                since(5, 19, "alloc peer", (s, t) -> s.prepareAcceptDirectAlloc(0, peer, 0, 1)),
                since(5, 19, "multishot", (s, t) -> s.prepareMultishotAccept(0, 0, 1)),
                since(5, 19, "many direct", (s, t) -> s.prepareMultishotAcceptDirect(0, 0, 1)));
    }

    private static Stream<Arguments> transfers() {
        return Stream.of(
                since(6, 17, "vectors", (s, t) -> s.prepareSend(0, t.vectors, 0, 1)),
                since(6, 17, "zc vectors", (s, t) -> s.prepareSendZc(0, t.vectors, 0, 0, 1)),
                since(6, 10, "picked", (s, t) -> s.prepareSend(0, t.buffers, 0, 0, 1)),
                since(6, 10, "bundle", (s, t) -> s.prepareSendBundle(0, t.buffers, 0, 0, 1)),
                since(6, 1, "sendto", (s, t) -> s.prepareSendto(0, t.memory, 0, 1, 0, ADDRESS, 1)),
                since(
                        6,
                        2,
                        "usage",
                        (s, t) ->
                                s.prepareSendZc(
                                        0,
                                        t.memory,
                                        0,
                                        1,
                                        0,
                                        IoUring.IORING_SEND_ZC_REPORT_USAGE,
                                        1)),
                since(6, 10, "recv bundle", (s, t) -> s.prepareRecvBundle(0, t.buffers, 0, 0, 1)),
                since(6, 0, "multishot", (s, t) -> s.prepareRecvMultishot(0, t.buffers, 0, 1)),
                since(6, 17, "limit", (s, t) -> s.prepareRecvMultishot(0, t.buffers, 9, 0, 1)),
                since(6, 17, "total", (s, t) -> s.prepareRecvMultishot(0, t.buffers, 0, 9, 0, 1)),
                since(
                        6,
                        10,
                        "multishot bundle",
                        (s, t) -> s.prepareRecvMultishotBundle(0, t.buffers, 0, 1)),
                since(
                        6,
                        0,
                        "multishot messages",
                        (s, t) ->
                                s.prepareRecvmsgMultishot(
                                        0, t.buffers, new MessageRoom(0, 0), 0, 1)),
                since(
                        6,
                        15,
                        "fixed message",
                        (s, t) -> s.prepareSendmsgZcFixed(0, t.message, 0, 0, 1)));
    }

    private static Stream<Arguments> commands() {
        return Stream.of(
                since(6, 7, "SIOCINQ", (s, t) -> s.prepareCmdSockSiocinq(0, 1)),
                since(6, 7, "SIOCOUTQ", (s, t) -> s.prepareCmdSockSiocoutq(0, 1)),
                since(
                        6,
                        7,
                        "get",
                        (s, t) -> s.prepareCmdSockGetsockopt(0, 1, 3, t.memory, 0, 4, 1)),
                since(
                        6,
                        7,
                        "set",
                        (s, t) -> s.prepareCmdSockSetsockopt(0, 1, 3, t.memory, 0, 4, 1)),
                since(6, 12, "discard", (s, t) -> s.prepareCmdDiscard(0, 0, 512, 1)),
                since(6, 17, "timestamps", (s, t) -> s.prepareCmdSockTxTimestamp(0, 1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("later")
    void refusesWhatCameLater(String what, int major, int minor, Preparation preparation) {
        RingSetup big = RingSetup.of(4).withFlags(IoUring.IORING_SETUP_CQE32);
        try (Ring ring = Ring.open(big);
                BufferRing buffers = new BufferRing(ring, 1, 1, 8);
                IoMemory memory = IoMemory.allocate(8);
                IoVectors vectors = IoVectors.of(memory);
                MessageHeader message = MessageHeader.of(vectors)) {
            Things things = new Things(memory, vectors, message, buffers);
            Sqe older = new Sqe(ring, before(major, minor), new Leases());
            older.open(ring.next().address());
            UnsupportedException refusal =
                    assertThrows(
                            UnsupportedException.class, () -> preparation.prepare(older, things));
            assertEquals(new KernelRelease(major, minor), refusal.needed());
            assertEquals(0, ring.pendingCount());
            assertFalse(memory.isLent() || message.isLent());
            preparation.prepare(ring.next(), things);
            assertEquals(1, ring.pendingCount(), what);
        }
    }

    /// A kernel of the release before that says yes to every operation.
    private static Support before(int major, int minor) {
        String release = minor == 0 ? (major - 1) + ".19" : major + "." + (minor - 1);
        return new Support(0, -1, release);
    }

    @Test
    void refusesFlagsThatCameLater() {
        assertRefused(
                5,
                19,
                IoUring.IORING_RECVSEND_POLL_FIRST,
                sqe -> sqe.prepareRecv(0, Kernel.MEMORY, 0, 1, 0, 1));
        assertRefused(
                6,
                2,
                IoUring.IORING_SEND_ZC_REPORT_USAGE,
                sqe -> sqe.prepareSendZc(0, Kernel.MEMORY, 0, 1, 0, 0, 1));
        assertRefused(6, 10, IoUring.IORING_ACCEPT_DONTWAIT, sqe -> sqe.prepareAccept(0, 0, 1));
        assertRefused(6, 10, IoUring.IORING_ACCEPT_POLL_FIRST, sqe -> sqe.prepareAccept(0, 0, 1));
    }

    private static void assertRefused(
            int major, int minor, int flag, UnaryOperator<Sqe> preparation) {
        try (Ring ring = Ring.open(RingSetup.of(4))) {
            Sqe older = new Sqe(ring, before(major, minor), new Leases());
            older.open(ring.next().address());
            Sqe prepared = preparation.apply(older);
            UnsupportedException refusal =
                    assertThrows(UnsupportedException.class, () -> prepared.addSocketFlags(flag));
            assertEquals(new KernelRelease(major, minor), refusal.needed());
            prepared.addSocketFlags(0);
            assertEquals(0, Memory.getShort(prepared.address() + SqeLayout.IOPRIO));
        }
    }
}
