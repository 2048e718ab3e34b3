package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.Socket;
import java.util.Arrays;
import java.util.List;

/// What the kernel does with a send of `MSG_DONTWAIT | MSG_WAITALL` and `IOSQE_CQE_SKIP_SUCCESS`.
/// The transport builds on it: a send that was not heard of by the end of its `io_uring_enter` is
/// done.
class InlineSendTest {
    private static final int CHUNK = 1 << 20;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    void aSendThatFitsCompletesSilentlyWithinItsEnter() throws Exception {
        try (RingWithListener server = new RingWithListener(4)) {
            Socket client = server.connect();
            int slot = server.accept();
            long memory = server.memory(64);
            byte[] all = new byte[1000];
            for (int i = 0; i < all.length; i++) {
                Memory.fill(memory, 64, (byte) i);
                all[i] = (byte) i;
                assertEquals(List.of(), server.sendInline(slot, memory, 1, i));
                Memory.fill(memory, 64, (byte) -1); // it is the program's again
            }
            server.assertQuiet();
            assertArrayEquals(all, client.getInputStream().readNBytes(all.length));
        }
    }

    /// The receiver takes nothing: at last the kernel takes a part of a send, and says how much.
    @Test
    void aSendThatFitsInPartFailsWithTheBytesSent() throws Exception {
        try (RingWithListener server = new RingWithListener(4)) {
            Socket client = server.connect();
            int slot = server.accept();
            long memory = server.memory(CHUNK);
            Memory.fill(memory, CHUNK, (byte) 'x');
            long sent = 0;
            List<Completion> heard = List.of();
            while (heard.isEmpty()) {
                heard = server.sendInline(slot, memory, CHUNK, 42);
                if (heard.isEmpty()) sent += CHUNK;
                assertTrue(sent < 1L << 30, "the socket takes everything");
            }
            int part = heard.getFirst().result();
            assertEquals(List.of(new Completion(42, part, 0)), heard);
            assertTrue(part > 0 && part < CHUNK, "part=" + part);
            sent += part;
            // Full to the brim. The two complete in the order of their submission.
            submitInline(server.ring, slot, memory, 1, 43);
            assertEquals(
                    List.of(
                            new Completion(43, -Errno.EAGAIN, 0),
                            new Completion(44, -Errno.EAGAIN, 0)),
                    server.sendInline(slot, memory, CHUNK, 44));
            server.assertQuiet();
            assertEquals(sent, client.getInputStream().skip(sent));
            client.setSoTimeout(1);
            assertEquals(0, client.getInputStream().available(), "nothing more was sent");
        }
    }

    /// Many tries: every byte that the peer gets is one that the kernel has owned up to.
    @Test
    void silenceAndFailuresAddUpToWhatThePeerGets() throws Exception {
        try (RingWithListener server = new RingWithListener(4)) {
            Socket client = server.connect();
            int slot = server.accept();
            int bytes = 300_000;
            long memory = server.memory(bytes);
            byte[] buffer = new byte[200_000];
            long sent = 0;
            long read = 0;
            int parts = 0;
            int refusals = 0;
            while (parts < 50 || refusals < 5) {
                for (int i = 0; i < bytes; i += 8) Memory.putLong(memory + i, sent + i);
                List<Completion> heard = server.sendInline(slot, memory, bytes, 1);
                if (heard.isEmpty()) {
                    sent += bytes;
                } else if (heard.getFirst().result() > 0) {
                    sent += heard.getFirst().result();
                    parts++;
                } else {
                    assertEquals(-Errno.EAGAIN, heard.getFirst().result());
                    refusals++;
                    read += client.getInputStream().read(buffer);
                }
                assertTrue(sent < 1L << 32, "parts=" + parts + ", refusals=" + refusals);
            }
            while (read < sent) {
                int more = client.getInputStream().read(buffer);
                assertTrue(more > 0);
                read += more;
            }
            assertEquals(sent, read);
            assertEquals(0, client.getInputStream().available());
        }
    }

    @Test
    void aSendThatFitsAgainIsSilentAgain() throws Exception {
        try (RingWithListener server = new RingWithListener(4)) {
            Socket client = server.connect();
            int slot = server.accept();
            long memory = server.memory(CHUNK);
            long sent = 0;
            List<Completion> heard = List.of();
            while (heard.isEmpty()) {
                heard = server.sendInline(slot, memory, CHUNK, 1);
                sent += heard.isEmpty() ? CHUNK : heard.getFirst().result();
            }
            client.getInputStream().skipNBytes(sent);
            // The window opens a moment after the reading.
            for (int turn = 0; turn < 500 && !heard.isEmpty(); turn++) {
                heard = server.sendInline(slot, memory, 1, 2);
                if (!heard.isEmpty()) server.ring.submitAndWait(1_000_000);
            }
            assertEquals(List.of(), heard);
            assertEquals(0, client.getInputStream().read());
        }
    }

    @Test
    void aSendToAPeerThatHasResetFailsWithinItsEnter() throws Exception {
        try (RingWithListener server = new RingWithListener(4)) {
            Socket client = server.connect();
            int slot = server.accept();
            client.setSoLinger(true, 0);
            client.close();
            long memory = server.memory(64);
            List<Integer> results =
                    server.sendInline(slot, memory, 64, 1).stream()
                            .map(Completion::result)
                            .toList();
            assertEquals(List.of(-Errno.ECONNRESET), results);
            assertEquals(
                    List.of(new Completion(2, -Errno.EPIPE, 0)),
                    server.sendInline(slot, memory, 64, 2));
        }
    }

    /// The transport's other kind of send, for when the socket is full.
    @Test
    void anArmedSendCompletesOnceWithEverything() throws Exception {
        try (RingWithListener server = new RingWithListener(4)) {
            Socket client = server.connect();
            int slot = server.accept();
            int bytes = 16 << 20;
            long memory = server.memory(bytes);
            for (int i = 0; i < bytes; i += 4) Memory.putInt(memory + i, i);
            submitArmed(server.ring, slot, memory, bytes, 9);
            server.assertQuiet();
            byte[] all = new byte[bytes];
            Thread reader =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            client.getInputStream().readNBytes(all, 0, bytes);
                                        } catch (java.io.IOException _) {
                                            Arrays.fill(all, (byte) -1); // compared below
                                        }
                                    });
            assertEquals(new Completion(9, bytes, 0), server.await());
            reader.join();
            byte[] expected = new byte[bytes];
            Memory.copy(memory, expected, 0, bytes);
            assertArrayEquals(expected, all);
            server.assertQuiet();
        }
    }

    @Test
    void aCancelledArmedSendSaysHowMuchHasGone() throws Exception {
        try (RingWithListener server = new RingWithListener(4)) {
            Socket client = server.connect();
            int slot = server.accept();
            int bytes = 16 << 20;
            long memory = server.memory(bytes);
            submitArmed(server.ring, slot, memory, bytes, 9);
            server.assertQuiet();
            server.ring.next().prepareCancel(9, 0, 10);
            List<Completion> both = List.of(server.await(), server.await());
            int sent =
                    both.stream()
                            .filter(completion -> completion.userData() == 9)
                            .findFirst()
                            .orElseThrow()
                            .result();
            assertTrue(both.contains(new Completion(10, 0, 0)), both::toString);
            assertTrue(sent > 0 && sent < bytes, "sent=" + sent);
            client.getInputStream().skipNBytes(sent);
            server.assertQuiet();
            assertEquals(0, client.getInputStream().available());
        }
    }

    private static void submitInline(Ring ring, int slot, long memory, int bytes, long userData) {
        int flags = Linux.MSG_DONTWAIT | Linux.MSG_WAITALL | Linux.MSG_NOSIGNAL;
        ring.next()
                .prepareSend(slot, Kernel.MEMORY, memory, bytes, flags, userData)
                .addFlags(IoUring.IOSQE_FIXED_FILE | IoUring.IOSQE_CQE_SKIP_SUCCESS);
        assertEquals(1, ring.submit());
    }

    private static void submitArmed(Ring ring, int slot, long memory, int bytes, long userData) {
        int flags = Linux.MSG_WAITALL | Linux.MSG_NOSIGNAL;
        ring.next()
                .prepareSend(slot, Kernel.MEMORY, memory, bytes, flags, userData)
                .addFlags(IoUring.IOSQE_FIXED_FILE);
    }
}
