package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SockAddr;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/// Commands for sockets (`URING_CMD`).
class SocketCommandSqeTest {
    private static final int TYPE_MASK = 3;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    // ---- queues

    @Test
    @Does("URING_CMD")
    void tellsWhatIsInTheQueues() {
        try (Rig rig = new Rig()) {
            int[] pair = new Sockets(rig).connected();
            assertEquals(0, rig.run(rig.next().prepareCmdSockSiocinq(pair[1], 1)));
            assertEquals(5, Libc.write(pair[0], new byte[5]));
            Sqe sqe = rig.next().prepareCmdSockSiocinq(pair[1], 1);
            assertEquals(0, Memory.getInt(sqe.address() + SqeLayout.CMD_OP));
            assertEquals(5, rig.run(sqe));
            assertEquals(0, rig.run(rig.next().prepareCmdSockSiocoutq(pair[1], 1)));
            int sent = fill(rig, pair[0]);
            sqe = rig.next().prepareCmdSockSiocoutq(pair[0], 1);
            assertEquals(1, Memory.getInt(sqe.address() + SqeLayout.CMD_OP));
            int unsent = rig.run(sqe);
            assertTrue(unsent > 0 && unsent <= sent, () -> "unsent=" + unsent);
        }
    }

    /// Sends until nothing more goes in; returns the number of bytes.
    private static int fill(Rig rig, int fd) {
        IoMemory memory = rig.memory(1 << 16);
        int all = 0;
        int sent = 0;
        while (sent >= 0) {
            all += sent;
            int flags = Linux.MSG_DONTWAIT;
            sent = rig.run(rig.next().prepareSend(fd, memory, 0, 1 << 16, flags, 1));
        }
        assertEquals(-Errno.EAGAIN, sent);
        return all;
    }

    @Test
    @Refuses("URING_CMD")
    void knowsNoQueuesOfListenersAndOfUnixSockets() {
        try (Rig rig = new Rig()) {
            int unix = rig.socketPair()[0];
            assertEquals(-Errno.EOPNOTSUPP, rig.run(rig.next().prepareCmdSockSiocinq(unix, 1)));
            int fd = new Sockets(rig).listener();
            assertEquals(-Errno.EINVAL, rig.run(rig.next().prepareCmdSockSiocinq(fd, 1)));
            assertEquals(-Errno.EINVAL, rig.run(rig.next().prepareCmdSockSiocoutq(fd, 1)));
            int pipe = rig.pipe()[0];
            assertEquals(-Errno.EOPNOTSUPP, rig.run(rig.next().prepareCmdSockSiocinq(pipe, 1)));
            Sockets.assertWorks(rig);
        }
    }

    // ---- options

    @Test
    @Does("URING_CMD")
    void setsOptions() {
        try (Rig rig = new Rig()) {
            Sockets sockets = new Sockets(rig);
            int fd = sockets.open(Sockets.TCP);
            IoMemory value = rig.memory(8);
            value.segment().set(ValueLayout.JAVA_INT, 4, 1);
            int level = Linux.SOL_SOCKET;
            int option = Linux.SO_KEEPALIVE;
            Sqe sqe = rig.next().prepareCmdSockSetsockopt(fd, level, option, value, 4, 4, 1);
            assertEquals(3, Memory.getInt(sqe.address() + SqeLayout.CMD_OP));
            assertEquals(level, Memory.getInt(sqe.address() + SqeLayout.LEVEL));
            assertEquals(option, Memory.getInt(sqe.address() + SqeLayout.OPTNAME));
            assertEquals(4, Memory.getInt(sqe.address() + SqeLayout.OPTLEN));
            assertTrue(value.isLent());
            assertEquals(0, rig.run(sqe));
            assertFalse(value.isLent());
            assertEquals(1, sockets.option(fd, level, option));
            int tcp = Linux.IPPROTO_TCP;
            int noDelay = Linux.TCP_NODELAY;
            sqe = rig.next().prepareCmdSockSetsockopt(fd, tcp, noDelay, value, 4, 4, 1);
            assertEquals(0, rig.run(sqe));
            assertEquals(1, sockets.option(fd, tcp, noDelay));
        }
    }

    @Test
    @Does("URING_CMD")
    void readsOptions() {
        try (Rig rig = new Rig()) {
            Sockets sockets = new Sockets(rig);
            int fd = sockets.listener();
            sockets.setOption(fd, Linux.SOL_SOCKET, Linux.SO_RCVBUF, 50_000);
            IoMemory value = rig.memory(16);
            assertEquals(4, rig.run(option(rig, fd, Linux.SO_RCVBUF, value)));
            assertEquals(100_000, value.segment().get(ValueLayout.JAVA_INT, 8));
            assertEquals(4, rig.run(option(rig, fd, Linux.SO_ACCEPTCONN, value)));
            assertEquals(1, value.segment().get(ValueLayout.JAVA_INT, 8));
        }
    }

    private static Sqe option(Rig rig, int fd, int option, IoMemory value) {
        int level = Linux.SOL_SOCKET;
        return rig.next().prepareCmdSockGetsockopt(fd, level, option, value, 8, 8, 1);
    }

    @Test
    @Refuses("URING_CMD")
    void failsAsTheSystemCallsDo() {
        try (Rig rig = new Rig()) {
            int fd = new Sockets(rig).open(Sockets.TCP);
            IoMemory value = rig.memory(16);
            assertEquals(-Errno.ENOPROTOOPT, rig.run(option(rig, fd, 9999, value)));
            assertEquals(-Errno.ENOTCONN, rig.run(option(rig, fd, Linux.SO_PEERNAME, value)));
            int tcp = Linux.IPPROTO_TCP;
            Sqe sqe = rig.next().prepareCmdSockGetsockopt(fd, tcp, 1, value, 0, 4, 1);
            assertEquals(-Errno.EOPNOTSUPP, rig.run(sqe));
            sqe = rig.next().prepareCmdSockSetsockopt(fd, tcp, 9999, value, 0, 4, 1);
            assertEquals(-Errno.ENOPROTOOPT, rig.run(sqe));
            Sockets.assertWorks(rig);
        }
    }

    @Test
    void refusesBytesThatAreNotThere() {
        try (Rig rig = new Rig()) {
            IoMemory value = rig.memory(4);
            Sqe sqe = rig.next();
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> sqe.prepareCmdSockGetsockopt(0, 1, 3, value, 0, 5, 1));
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> sqe.prepareCmdSockSetsockopt(0, 1, 3, value, 4, 1, 1));
            assertEquals(0, rig.run(sqe.prepareNop(1)));
        }
    }

    /// A direct descriptor has no number that `getpeername(2)` could be asked with.
    @Test
    @Does("URING_CMD")
    void tellsThePeerOfADirectDescriptor() throws IOException {
        try (Rig rig = new Rig()) {
            Sockets sockets = new Sockets(rig);
            int listener = sockets.listener();
            new DirectDescriptors(rig.ring, 1);
            try (SocketChannel client = SocketChannel.open(sockets.address(listener))) {
                assertEquals(0, rig.run(rig.next().prepareAcceptDirect(listener, 0, 0, 1)));
                IoMemory name = rig.memory(SockAddr.STORAGE_BYTES);
                assertEquals(SockAddr.IN_BYTES, rig.run(peer(rig, name, SockAddr.IN_BYTES)));
                assertEquals(
                        client.getLocalAddress(),
                        SockAddr.get(name.segment().address(), SockAddr.IN_BYTES));
                // Unlike getpeername(2) it wants no more than there is.
                assertEquals(-Errno.EINVAL, rig.run(peer(rig, name, SockAddr.IN_BYTES + 1)));
                assertEquals(2, rig.run(peer(rig, name, 2)));
            }
        }
    }

    private static Sqe peer(Rig rig, IoMemory name, int bytes) {
        int level = Linux.SOL_SOCKET;
        int option = Linux.SO_PEERNAME;
        return Sockets.direct(
                rig.next().prepareCmdSockGetsockopt(0, level, option, name, 0, bytes, 1));
    }

    // ---- timestamps

    private record Stamp(int result, int flags, long seconds, long nanos) {}

    @ParameterizedTest
    @ValueSource(ints = {IoUring.IORING_SETUP_CQE32, IoUring.IORING_SETUP_CQE_MIXED})
    @Does("URING_CMD")
    void tellsWhenDatagramsHaveLeft(int flag) {
        RingSetup setup = RingSetup.of(8).withFlags(flag);
        try (Rig rig = new Rig(Ring.open(setup))) {
            Sockets sockets = new Sockets(rig);
            int fd = sockets.bound();
            sockets.connect(fd, sockets.address(sockets.bound()));
            stamp(sockets, fd, Linux.SOF_TIMESTAMPING_TX_SOFTWARE);
            long before = System.currentTimeMillis() / 1000;
            assertEquals(3, Libc.write(fd, new byte[3]));
            assertEquals(3, Libc.write(fd, new byte[3]));
            rig.next().prepareCmdSockTxTimestamp(fd, 7);
            List<Stamp> stamps = stamps(rig, 2);
            for (int i = 0; i < 2; i++) {
                Stamp stamp = stamps.get(i);
                assertEquals(i, stamp.result(), "the number of the datagram");
                assertEquals(Linux.SCM_TSTAMP_SND, type(stamp));
                assertTrue((stamp.flags() & IoUring.IORING_CQE_F_MORE) != 0);
                assertEquals(0, stamp.flags() & IoUring.IORING_CQE_F_TSTAMP_HW);
                assertTrue(stamp.seconds() >= before && stamp.seconds() < before + 60);
                assertTrue(stamp.nanos() >= 0 && stamp.nanos() < 1_000_000_000);
            }
            rig.next().prepareCancel(7, 0, 8);
            Completion one = rig.take();
            Completion other = rig.take();
            Completion ended = one.userData() == 7 ? one : other;
            assertEquals(new Completion(7, -Errno.ECANCELED, 0), ended);
        }
    }

    @Test
    @Does("URING_CMD")
    void tellsWhenBytesHaveBeenAcknowledged() {
        RingSetup setup = RingSetup.of(8).withFlags(IoUring.IORING_SETUP_CQE32);
        try (Rig rig = new Rig(Ring.open(setup))) {
            Sockets sockets = new Sockets(rig);
            int fd = sockets.connected()[0];
            stamp(sockets, fd, Linux.SOF_TIMESTAMPING_TX_ACK);
            rig.next().prepareCmdSockTxTimestamp(fd, 7);
            rig.ring.submit();
            assertEquals(10, Libc.write(fd, new byte[10]));
            Stamp stamp = stamps(rig, 1).getFirst();
            assertEquals(9, stamp.result(), "the last byte's offset");
            assertEquals(Linux.SCM_TSTAMP_ACK, type(stamp));
        }
    }

    private static void stamp(Sockets sockets, int fd, int what) {
        int flags =
                what
                        | Linux.SOF_TIMESTAMPING_SOFTWARE
                        | Linux.SOF_TIMESTAMPING_OPT_ID
                        | Linux.SOF_TIMESTAMPING_OPT_TSONLY;
        sockets.setOption(fd, Linux.SOL_SOCKET, Linux.SO_TIMESTAMPING, flags);
    }

    private static int type(Stamp stamp) {
        return stamp.flags() >>> IoUring.IORING_TIMESTAMP_TYPE_SHIFT & TYPE_MASK;
    }

    private static List<Stamp> stamps(Rig rig, int count) {
        List<Stamp> stamps = new ArrayList<>();
        CompletionHandler handler =
                new CompletionHandler() {
                    @Override
                    public void onCompletion(long userData, int result, int flags) {
                        throw new AssertionError("a completion without a time: " + result);
                    }

                    @Override
                    public void onBigCompletion(
                            long userData, int result, int flags, long extra1, long extra2) {
                        assertEquals(7, userData);
                        stamps.add(new Stamp(result, flags, extra1, extra2));
                    }
                };
        for (int turn = 0; stamps.size() < count && turn < 100; turn++) {
            rig.ring.submitAndWait(Rig.WAIT_NANOS / 100);
            rig.ring.drain(handler);
        }
        assertEquals(count, stamps.size());
        return stamps;
    }

    @Test
    @Refuses("URING_CMD")
    void tellsNoTimesWithoutRoomForThem() {
        try (Rig rig = new Rig()) {
            int fd = new Sockets(rig).open(Sockets.UDP);
            Sqe sqe = rig.next();
            assertThrows(
                    IllegalArgumentException.class, () -> sqe.prepareCmdSockTxTimestamp(fd, 7));
            assertEquals(0, rig.run(sqe.prepareNop(1)));
        }
        RingSetup setup = RingSetup.of(8).withFlags(IoUring.IORING_SETUP_CQE32);
        try (Rig rig = new Rig(Ring.open(setup))) {
            int pipe = rig.pipe()[0];
            assertEquals(-Errno.EOPNOTSUPP, rig.run(rig.next().prepareCmdSockTxTimestamp(pipe, 7)));
            Sockets.assertWorks(rig);
        }
    }
}
