package dev.torc.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.BufferPool;
import dev.torc.core.Limits;
import dev.torc.core.Slice;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.http.BodyProducer;
import dev.torc.http.BodyProducer.Progress;
import dev.torc.http.TestServer;
import dev.torc.http.message.ResponseHead;
import dev.torc.http.message.ResponseTrailers;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.TestClient;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

@EveryNetwork
class BodyStreamTest {
    @Parameter Network network;

    private final List<Object> outcomes = new CopyOnWriteArrayList<>();
    private @Nullable ResponseTrailers trailers;

    /// Pumps once for each byte that arrives, and at `onWritable`; closes after the end.
    private final class Pumping implements ConnectionHandler {
        private final BodyStream stream;
        private @Nullable Output output;

        Pumping(BodyStream stream) {
            this.stream = stream;
        }

        @Override
        public void onReceive(Connection connection, Slice data) {
            if (output == null) output = new Output(connection);
            for (int i = 0; i < data.length(); i++) pump(connection, output);
        }

        @Override
        public void onWritable(Connection connection) {
            Output current = output;
            if (current == null) return;
            current.unblock();
            pump(connection, current);
        }

        private void pump(Connection connection, Output current) {
            try {
                OutgoingBody.Outcome outcome = stream.pump(current, connection.shard().buffers());
                outcomes.add(outcome);
                if (outcome == OutgoingBody.Outcome.WAITING) return;
                current.flush();
                connection.close();
            } catch (Throwable failure) {
                outcomes.add(failure);
                connection.close();
            }
        }
    }

    private String pumped(BodyProducer producer, boolean chunked, long length, int pumps)
            throws Exception {
        return pumped(Limits.defaults(), producer, chunked, length, pumps);
    }

    private String pumped(
            Limits limits, BodyProducer producer, boolean chunked, long length, int pumps)
            throws Exception {
        BodyStream stream = new BodyStream(producer, chunked, length, trailers);
        try (TestServer server = TestServer.start(network, limits, _ -> _ -> new Pumping(stream));
                TestClient client = server.connect()) {
            client.send("x".repeat(pumps));
            return client.rest();
        }
    }

    private static BodyProducer saying(String... pieces) {
        int[] next = {0};
        return buffer -> {
            String piece = pieces[next[0]++];
            buffer.append(TestClient.bytes(piece), 0, piece.length());
            if (next[0] == pieces.length) return Progress.DONE;
            return piece.isEmpty() ? Progress.LATER : Progress.MORE;
        };
    }

    @Test
    void framesEachPieceAsAChunk() throws Exception {
        long unknown = ResponseHead.LENGTH_UNKNOWN;
        assertEquals(
                "00005\r\nhello\r\n00006\r\n, you!\r\n0\r\n\r\n",
                pumped(saying("hello", ", you!"), true, unknown, 1));
        assertEquals(List.of(OutgoingBody.Outcome.DONE), outcomes);
    }

    @Test
    void trailersFollowTheLastChunk() throws Exception {
        trailers = new ResponseTrailers();
        trailers.add("X-One", () -> "1");
        trailers.add("X-None", () -> null);
        long unknown = ResponseHead.LENGTH_UNKNOWN;
        String expected = "00001\r\na\r\n0\r\nX-One: 1\r\n\r\n";
        assertEquals(expected, pumped(saying("a"), true, unknown, 1));
        assertEquals("a", pumped(saying("a"), false, 1, 1));
        assertEquals(List.of(OutgoingBody.Outcome.DONE, OutgoingBody.Outcome.DONE), outcomes);
    }

    @Test
    void aTrailerThatFailsLeavesTheBodyWithoutItsEnd() throws Exception {
        trailers = new ResponseTrailers();
        trailers.add("X-Split", () -> "a\r\nX-Evil: b");
        long unknown = ResponseHead.LENGTH_UNKNOWN;
        assertEquals("00001\r\na\r\n", pumped(saying("a"), true, unknown, 1));
        assertInstanceOf(IllegalArgumentException.class, outcomes.getFirst());
    }

    @Test
    void anEmptyBodyIsTheLastChunkAlone() throws Exception {
        assertEquals("0\r\n\r\n", pumped(saying(""), true, ResponseHead.LENGTH_UNKNOWN, 1));
    }

    @Test
    void sendsAKnownLengthAsItIs() throws Exception {
        assertEquals("hello, you!", pumped(saying("hello", ", you!"), false, 11, 1));
    }

    @Test
    void waitsForAProducerThatHasNothingYet() throws Exception {
        long unknown = ResponseHead.LENGTH_UNKNOWN;
        String body = pumped(saying("a", "", "", "b"), true, unknown, 3);
        assertEquals("00001\r\na\r\n00001\r\nb\r\n0\r\n\r\n", body);
        OutgoingBody.Outcome waiting = OutgoingBody.Outcome.WAITING;
        assertEquals(List.of(waiting, waiting, OutgoingBody.Outcome.DONE), outcomes);
    }

    @Test
    void waitsForAnOutputThatIsBlocked() throws Exception {
        Limits limits = Limits.defaults().withSendQueueBytesMax(1);
        String[] pieces = new String[50];
        for (int i = 0; i < pieces.length; i++) pieces[i] = ("" + i % 10).repeat(60_000);
        String body = pumped(limits, saying(pieces), false, ResponseHead.LENGTH_UNKNOWN, 1);
        assertEquals(String.join("", pieces), body);
        assertEquals(50, outcomes.size());
    }

    @Test
    void gathersSmallPieces() throws Exception {
        String[] pieces = new String[20_000];
        Arrays.fill(pieces, "tiny");
        Limits limits = Limits.defaults().withPoolBytesMax(BufferPool.SLICE_BYTES_MAX);
        String body = pumped(limits, saying(pieces), false, ResponseHead.LENGTH_UNKNOWN, 1);
        assertEquals("tiny".repeat(20_000), body);
        assertEquals(OutgoingBody.Outcome.DONE, outcomes.getLast());
    }

    @Test
    void asksAgainWithAllTheRoomThereIs() throws Exception {
        int large = 60_000;
        int[] asked = new int[1];
        BodyProducer producer =
                buffer -> {
                    if (buffer.remaining() < large && asked[0] < 4) return Progress.MORE;
                    int bytes = asked[0]++ % 2 == 0 ? 10 : large;
                    buffer.append(new byte[bytes], 0, bytes);
                    return asked[0] == 4 ? Progress.DONE : Progress.MORE;
                };
        int total = 2 * (10 + large);
        assertEquals(total, pumped(producer, false, total, 1).length());
    }

    @Test
    void aBodyThatEndsShortIsAnError() throws Exception {
        assertEquals("", pumped(saying("hello", ", you"), false, 11, 1));
        assertInstanceOf(IllegalStateException.class, outcomes.getFirst());
    }

    @Test
    void aBodyThatIsTooLongIsAnErrorBeforeItIsSent() throws Exception {
        assertEquals("", pumped(saying("hello", ", you!!"), false, 11, 1));
        assertInstanceOf(IllegalStateException.class, outcomes.getFirst());
    }

    @Test
    void moreOfNothingIsAnError() throws Exception {
        assertFalse(pumped(_ -> Progress.MORE, true, -1, 1).contains("0\r\n\r\n"));
        assertInstanceOf(IllegalStateException.class, outcomes.getFirst());
    }

    @Test
    void whatTheProducerThrowsComesThrough() throws Exception {
        BodyProducer failing =
                _ -> {
                    throw new java.io.IOException("on purpose");
                };
        assertEquals("", pumped(failing, true, ResponseHead.LENGTH_UNKNOWN, 1));
        assertInstanceOf(java.io.IOException.class, outcomes.getFirst());
    }

    @Test
    void aPieceThatIsUsedAfterwardsFails() throws Exception {
        Slice[] leaked = new Slice[1];
        BodyProducer producer =
                buffer -> {
                    buffer.append(TestClient.bytes("x"), 0, 1);
                    leaked[0] = buffer;
                    return Progress.DONE;
                };
        assertEquals("x", pumped(producer, false, 1, 1));
        assertTrue(leaked[0].capacity() == 0);
    }
}
