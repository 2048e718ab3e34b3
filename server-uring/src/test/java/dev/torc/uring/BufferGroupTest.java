package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IORING_CQE_BUFFER_SHIFT;
import static dev.torc.uring.constants.IoUring.IORING_CQE_F_BUFFER;
import static dev.torc.uring.constants.IoUring.IORING_OP_RECV;
import static dev.torc.uring.constants.IoUring.IORING_RECVSEND_BUNDLE;
import static dev.torc.uring.constants.IoUring.IORING_RECV_MULTISHOT;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.BufRing;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Text goes in at one end of a socketpair and comes out of the other in buffers of a group.
class BufferGroupTest {
    private static final int GROUP = 7;
    private static final int COUNT = 4;
    private static final int BYTES = 8;
    private static final long RECV = 0x4ec;

    private Rig rig;
    private int receiver;
    private int sender;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @SuppressWarnings("NullAway.Init") // by the fixture, before each test
    BufferGroupTest() {}

    @BeforeEach
    void connect() {
        rig = new Rig();
        int[] pair = rig.socketPair();
        receiver = pair[0];
        sender = pair[1];
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    @Does("RECV")
    void findsWhatHasArrivedAndTakesTheBufferBack() {
        try (BufferGroup group = open(setup())) {
            send("hello");
            group.recv(receiver, 0, RECV);
            Completion completion = rig.take();
            assertEquals(RECV, completion.userData());
            assertEquals("hello", text(group.take(completion)));
            assertEquals(1, group.outCount());
            group.put(completion);
            assertEquals(0, group.outCount());
            rig.assertQuiet();
        }
    }

    @Test
    void itsEntriesSayWhatIsMeant() {
        try (BufferGroup group = open(setup())) {
            assertEntry(group.recv(receiver, Linux.MSG_PEEK, RECV), 0, Linux.MSG_PEEK, BYTES);
            assertEntry(group.recvMultishot(receiver, 0, RECV), IORING_RECV_MULTISHOT, 0, 0);
            assertEntry(group.recvBundle(receiver, 0, RECV), IORING_RECVSEND_BUNDLE, 0, 0);
            int both = IORING_RECVSEND_BUNDLE | IORING_RECV_MULTISHOT;
            assertEntry(group.recvMultishotBundle(receiver, 0, RECV), both, 0, 0);
        }
    }

    private void assertEntry(Sqe sqe, int ioprio, int flags, int bytes) {
        long entry = sqe.address();
        assertEquals(IORING_OP_RECV, Memory.getByte(entry + SqeLayout.OPCODE));
        assertEquals(IoUring.IOSQE_BUFFER_SELECT, Memory.getByte(entry + SqeLayout.FLAGS));
        assertEquals(ioprio, Memory.getShort(entry + SqeLayout.IOPRIO));
        assertEquals(receiver, Memory.getInt(entry + SqeLayout.FD));
        assertEquals(0, Memory.getLong(entry + SqeLayout.ADDR));
        assertEquals(bytes, Memory.getInt(entry + SqeLayout.LEN));
        assertEquals(flags, Memory.getInt(entry + SqeLayout.OP_FLAGS));
        assertEquals(GROUP, Memory.getShort(entry + SqeLayout.BUF_GROUP));
        assertTrue(Leases.isToken(Memory.getLong(entry + SqeLayout.USER_DATA)));
    }

    @Test
    @Does("RECV")
    void multishotGoesOnUntilTheEndOfTheStream() {
        try (BufferGroup group = open(setup())) {
            group.recvMultishot(receiver, 0, RECV);
            for (int i = 0; i < 100; i++) {
                send("no" + i);
                Completion completion = rig.take();
                assertTrue(completion.hasMore());
                assertEquals("no" + i, text(group.take(completion)));
                group.put(completion);
            }
            Libc.close(sender);
            rig.forget(sender);
            Completion end = rig.take();
            assertEquals(new Completion(RECV, 0, 0), end);
            assertEquals(0, group.take(0, end.flags()));
            assertThrows(IllegalStateException.class, () -> group.take(end));
            group.put(end);
            assertEquals(0, group.outCount());
        }
    }

    @Test
    @Refuses("RECV")
    void withoutBuffersItEndsAndWorksAgainWhenSomeAreBack() {
        try (BufferGroup group = open(setup())) {
            group.recvMultishot(receiver, 0, RECV);
            List<Completion> out = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                send("no" + i);
                out.add(rig.take());
                assertEquals("no" + i, text(group.take(out.getLast())));
            }
            send("late");
            Completion refusal = rig.take();
            assertEquals(new Completion(RECV, -Errno.ENOBUFS, 0), refusal);
            assertEquals(0, group.take(refusal.result(), refusal.flags()));
            assertThrows(RingException.class, () -> group.take(refusal));
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
            group.put(out.get(2));
            group.recv(receiver, 0, RECV);
            Completion late = rig.take();
            assertEquals(out.get(2).bufferId(), late.bufferId());
            assertEquals("late", text(group.take(late)));
        }
    }

    @Test
    @Does("RECV")
    void aBundleFillsBuffersInTheOrderInWhichTheyWereGivenBack() {
        try (BufferGroup group = open(setup())) {
            List<Completion> first = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                send("x");
                group.recv(receiver, 0, RECV);
                first.add(rig.take());
                group.take(first.getLast());
            }
            for (int bufferId : new int[] {2, 0, 3, 1}) group.put(first.get(bufferId));
            send("0123456789abcdef!");
            group.recvBundle(receiver, 0, RECV);
            StringBuilder all = new StringBuilder();
            List<Long> positions = new ArrayList<>();
            List<Completion> bundles = new ArrayList<>();
            while (all.length() < 17) {
                Completion bundle = rig.take();
                bundles.add(bundle);
                int pieces = group.take(bundle.result(), bundle.flags());
                for (int piece = 0; piece < pieces; piece++) {
                    positions.add(group.position(piece));
                    all.append(text(group.piece(piece)));
                }
                if (all.length() < 17) group.recvBundle(receiver, 0, RECV);
            }
            assertEquals("0123456789abcdef!", all.toString());
            assertEquals(List.of(2L * BYTES, 0L, 3L * BYTES), positions);
            assertEquals(3, group.outCount());
            for (Completion bundle : bundles) group.put(bundle);
            assertEquals(0, group.outCount());
        }
    }

    @Test
    void oneBundleOverTcpBringsSeveralPieces() throws Exception {
        try (RingWithListener here = new RingWithListener(4);
                BufferGroup group = BufferGroup.open(here.ring, setup())) {
            assumeTrue(here.ring.support().isFrom(6, 15), "before, a bundle may be cut short");
            Socket client = here.connect();
            int slot = here.accept();
            client.getOutputStream().write("0123456789abcdef".getBytes(US_ASCII));
            group.recvBundle(slot, 0, RECV).addFlags(IoUring.IOSQE_FIXED_FILE);
            Completion completion = here.await();
            assertEquals(16, completion.result());
            // What does not fit into one segment says so, and takes nothing.
            assertThrows(IllegalStateException.class, () -> group.take(completion));
            assertEquals(0, group.outCount());
            assertEquals(2, group.take(completion.result(), completion.flags()));
            assertEquals("01234567", text(group.piece(0)));
            assertEquals("89abcdef", text(group.piece(1)));
            assertThrows(IndexOutOfBoundsException.class, () -> group.piece(2));
            assertEquals(2, group.kernelHead());
            group.put(completion);
            assertEquals(0, group.outCount());
            assertThrows(IllegalStateException.class, () -> group.put(completion));
        }
    }

    /// A kernel shortens the entry of a buffer when a bundle asks for less; some leave it so when
    /// nothing comes of that, and the next bundle fills less of the buffer.
    @Test
    void findsTheBytesOfABundleWhoseFirstBufferTheKernelShortened() {
        try (BufferGroup group = open(setup())) {
            BufferRing buffers = (BufferRing) group.selection();
            Memory.putInt(buffers.entry(0) + BufRing.ENTRY_LEN, 3);
            send("0123456789");
            StringBuilder all = new StringBuilder();
            while (all.length() < 10) {
                group.recvBundle(receiver, 0, RECV);
                Completion bundle = rig.take();
                int pieces = group.take(bundle.result(), bundle.flags());
                for (int piece = 0; piece < pieces; piece++) all.append(text(group.piece(piece)));
                group.put(bundle);
            }
            assertEquals("0123456789", all.toString());
            int wrong = ((COUNT - 1) << IORING_CQE_BUFFER_SHIFT) | IORING_CQE_F_BUFFER;
            Memory.putInt(buffers.entry(COUNT - 1) + BufRing.ENTRY_LEN, BYTES + 1);
            assertThrows(IllegalStateException.class, () -> group.take(1, wrong));
        }
    }

    @Test
    @Does("RECV")
    void incrementsGoOnBehindEachOther() {
        try (BufferGroup group = open(setup().withIncrements())) {
            List<Completion> parts = new ArrayList<>();
            String[] texts = {"abc", "de", "fgh", "ijklmnop", "q"};
            for (String text : texts) {
                send(text);
                group.recv(receiver, 0, RECV);
                parts.add(rig.take());
                assertEquals(text, text(group.take(parts.getLast())));
            }
            assertEquals(List.of(0, 0, 0, 1, 2), parts.stream().map(Completion::bufferId).toList());
            assertEquals(5, group.outCount());
            assertEquals(2, group.kernelHead());
            assertEquals("abcdefgh", text(group.memory().asSlice(0, BYTES)));
        }
    }

    @Test
    void aBufferGoesBackWhenTheLastOfItsPartsDoes() {
        BufferRingSetup setup = BufferRingSetup.of(GROUP, 1, BYTES).withIncrements();
        try (BufferGroup group = open(setup)) {
            List<Completion> parts = new ArrayList<>();
            for (String text : new String[] {"abc", "de", "fgh"}) {
                send(text);
                group.recv(receiver, 0, RECV);
                parts.add(rig.take());
                group.take(parts.getLast());
            }
            for (int part : new int[] {2, 0}) {
                group.put(parts.get(part));
                group.recv(receiver, 0, RECV);
                assertEquals(-Errno.ENOBUFS, rig.take().result());
            }
            group.put(parts.get(1));
            assertEquals(0, group.outCount());
            assertThrows(IllegalStateException.class, () -> group.put(parts.get(1)));
            send("again");
            group.recv(receiver, 0, RECV);
            assertEquals("again", text(group.take(rig.take())));
            assertEquals(0, group.position(0));
        }
    }

    @Test
    void refusesWhatTheKernelWouldNotDoSoundly() {
        try (BufferGroup plain = open(setup())) {
            assertRefused(() -> plain.recv(receiver, Linux.MSG_TRUNC, RECV));
            assertRefused(() -> plain.recvMultishot(receiver, Linux.MSG_WAITALL, RECV));
            assertRefused(() -> plain.recvBundle(receiver, Linux.MSG_WAITALL, RECV));
            assertRefused(() -> plain.recvMultishotBundle(receiver, Linux.MSG_PEEK, RECV));
        }
        try (BufferGroup incremental = open(setup().withIncrements())) {
            assertRefused(() -> incremental.recvBundle(receiver, 0, RECV));
            assertRefused(() -> incremental.recvMultishotBundle(receiver, 0, RECV));
            assertRefused(() -> incremental.recv(receiver, Linux.MSG_WAITALL, RECV));
        }
        assertEquals(0, rig.ring.pendingCount());
    }

    private static void assertRefused(Runnable prepare) {
        assertThrows(IllegalArgumentException.class, prepare::run);
    }

    @Test
    void waitsForAFullBufferWhenTold() {
        try (BufferGroup group = open(setup())) {
            group.recv(receiver, Linux.MSG_WAITALL, RECV);
            send("0123");
            rig.assertQuiet();
            send("4567");
            assertEquals("01234567", text(group.take(rig.take())));
        }
    }

    @Test
    void isFreedWhenTheLastReceiveHasEnded() {
        BufferGroup group = open(setup());
        MemorySegment memory = group.memory();
        group.recvMultishot(receiver, 0, RECV);
        rig.ring.submit();
        send("abc");
        Completion completion = rig.take();
        group.take(completion);
        group.close();
        group.put(completion);
        assertEquals('a', memory.get(ValueLayout.JAVA_BYTE, 0));
        assertThrows(IllegalStateException.class, () -> group.take(completion));
        assertThrows(IllegalStateException.class, () -> group.recv(receiver, 0, RECV));
        rig.next().prepareCancel(RECV, 0, 1);
        Set<Long> ended = new HashSet<>();
        for (int i = 0; i < 2; i++) ended.add(rig.take().userData());
        assertEquals(Set.of(RECV, 1L), ended);
        assertEquals(0, rig.ring.lendingCount());
        assertFalse(memory.scope().isAlive());
        assertThrows(IllegalStateException.class, () -> memory.get(ValueLayout.JAVA_BYTE, 0));
        group.close();
    }

    private BufferGroup open(BufferRingSetup setup) {
        boolean known = setup.flags() == 0 || rig.ring.support().isFrom(6, 12);
        assumeTrue(known, "increments came with Linux 6.12");
        BufferGroup group = BufferGroup.open(rig.ring, setup);
        assertEquals(GROUP, group.group());
        assertEquals(setup.count(), group.count());
        assertEquals(BYTES, group.bufferBytes());
        return group;
    }

    private static BufferRingSetup setup() {
        return BufferRingSetup.of(GROUP, COUNT, BYTES);
    }

    private void send(String text) {
        assertEquals(text.length(), Libc.write(sender, text.getBytes(US_ASCII)));
    }

    private static String text(MemorySegment segment) {
        return new String(segment.toArray(ValueLayout.JAVA_BYTE), US_ASCII);
    }
}
