package dev.torc.http;

import static dev.torc.http.StreamedBodies.head;
import static dev.torc.http.StreamedBodies.join;
import static dev.torc.http.StreamedBodies.random;
import static dev.torc.http.StreamedBodies.withLength;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.StreamedBodies.Pending;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.List;

/// Bodies that are not read, or not yet: when a peer is told to go on, and what becomes of the
/// rest.
@EveryNetwork
class HttpServerUnreadBodyTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String EXPECT = "Expect: 100-continue\r\n";
    private static final int DISCARDED_BYTES_MAX = 256 * 1024;

    @Parameter Network network;

    private final StreamedBodies bodies = new StreamedBodies();
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start(network, bodies.router());
    }

    @AfterEach
    void stop() {
        server.close();
        assertEquals(List.of(), List.copyOf(bodies.broken));
    }

    private Pending awaitPending() {
        Await.until("it is handled", () -> !bodies.pending.isEmpty());
        return bodies.pending.remove();
    }

    @Test
    void tellsThePeerToGoOnWhenTheBodyIsAskedFor() throws IOException {
        try (TestClient client = server.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send(head("/later") + EXPECT + "Content-Length: 4\r\n\r\n");
                Pending one = awaitPending();
                one.request().receive(bodies.echo(one));
                assertEquals(100, client.reply().status());
                assertEquals("body", client.send("body").reply().text());
            }
            client.send(head("/echo") + EXPECT + "Transfer-Encoding: chunked\r\n\r\n");
            assertEquals(100, client.reply().status());
            assertEquals("body", client.send("4\r\nbody\r\n0\r\n\r\n").reply().text());
        }
    }

    @Test
    void tellsAPeerToGoOnWhoseHeadCameInPieces() throws IOException {
        String request = head("/echo") + EXPECT + "Content-Length: 4\r\n\r\n";
        try (TestClient client = server.connect()) {
            for (int cut = 1; cut < request.length(); cut++) {
                long receives = server.counters().receives();
                client.send(request.substring(0, cut));
                Await.until("it is read", () -> receives < server.counters().receives());
                client.send(request.substring(cut));
                assertEquals(100, client.reply().status(), "cut at " + cut);
                assertEquals("body", client.send("body").reply().text());
            }
        }
    }

    @Test
    void doesNotTellAPeerThatDidNotWait() throws IOException {
        try (TestClient client = server.connect()) {
            client.send(head("/echo") + EXPECT + "Content-Length: 4\r\n\r\nbody");
            assertEquals(200, client.reply().status());
            long receives = server.counters().receives();
            client.send(head("/later") + EXPECT + "Content-Length: 4\r\n\r\n");
            Pending one = awaitPending();
            client.send("bo");
            Await.until("it is read", () -> receives + 2 <= server.counters().receives());
            server.ask(_ -> true);
            one.request().receive(bodies.echo(one));
            assertEquals("body", client.send("dy").reply().text());
        }
    }

    @Test
    void anAnswerWithoutTheBodyEndsAConnectionWhosePeerWaits() throws IOException {
        for (String framing : new String[] {"Content-Length: 4", "Transfer-Encoding: chunked"}) {
            try (TestClient client = server.connect()) {
                client.send(head("/refused") + EXPECT + framing + "\r\n\r\n");
                Reply reply = client.reply();
                assertEquals(401, reply.status());
                assertTrue(reply.closes());
                assertTrue(client.isAtEnd());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4000, 100_000, DISCARDED_BYTES_MAX})
    void discardsTheRestAndGoesOnWithTheNextRequest(int bytes) throws IOException {
        try (TestClient client = server.connect()) {
            for (int i = 0; i < 5; i++) {
                // What is discarded looks like requests, which must not be answered.
                byte[] body = TestClient.bytes(GET.repeat(bytes / GET.length() + 1));
                byte[] exact = java.util.Arrays.copyOf(body, bytes);
                client.send(withLength("/refused", exact)).send(GET);
                Reply reply = client.reply();
                assertEquals(401, reply.status());
                assertFalse(reply.closes());
                assertEquals("root", client.reply().text());
            }
        }
    }

    @Test
    void discardsChunksByteByByte() throws IOException {
        String chunks = "5\r\nhello\r\n6;a=b\r\n, body\r\n0\r\nT: t\r\n\r\n";
        try (TestClient client = server.connect()) {
            client.drip(head("/refused") + "Transfer-Encoding: chunked\r\n\r\n" + chunks + GET);
            assertEquals(401, client.reply().status());
            assertEquals("root", client.reply().text());
        }
    }

    @Test
    void closesWhenTheRestIsTooLong() throws IOException {
        try (TestClient client = server.connect()) {
            client.send(head("/refused") + "Content-Length: 262145\r\n\r\n");
            Reply reply = client.reply();
            assertEquals(401, reply.status());
            assertTrue(reply.closes());
            client.send(random(100_000)).endOutput();
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void closesWhenTheRestTurnsOutToBeTooLong() throws IOException {
        try (TestClient client = server.connect()) {
            client.send(head("/refused") + "Transfer-Encoding: chunked\r\n\r\n");
            assertEquals(401, client.reply().status());
            byte[] chunk = join("10000\r\n", random(1 << 16));
            for (int i = 0; i < 6; i++) client.send(chunk).send("\r\n");
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void closesWithoutASecondAnswerWhenTheRestIsMalformed() throws IOException {
        try (TestClient client = server.connect()) {
            client.send(head("/refused") + "Transfer-Encoding: chunked\r\n\r\n");
            assertEquals(401, client.reply().status());
            client.send("x\r\n");
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void tellsTheConsumerThatTheAnswerWasFirst() throws IOException {
        try (TestClient client = server.connect()) {
            client.send(head("/later") + "Content-Length: 10\r\n\r\n12345");
            Pending one = awaitPending();
            one.request().receive(bodies.echo(one));
            one.response().send("early");
            assertEquals("early", client.reply().text());
            Await.until("the consumer is told", () -> bodies.failures.size() == 1);
            assertEquals("root", client.send("67890" + GET).reply().text());
        }
    }

    @Test
    void takesTheBodyWhileItAnswers() throws IOException {
        try (TestClient client = server.connect()) {
            client.send(head("/later") + "Content-Length: 1000000\r\n\r\n");
            Pending one = awaitPending();
            long[] received = new long[1];
            boolean[] ended = new boolean[1];
            one.request()
                    .receive(
                            new BodyConsumer() {
                                @Override
                                public void onPiece(dev.torc.core.Slice piece) {
                                    received[0] += piece.length();
                                    one.response().resume();
                                }

                                @Override
                                public void onEnd() {
                                    ended[0] = true;
                                    one.response().resume();
                                }
                            });
            one.response().stream(
                    buffer -> {
                        byte[] text = TestClient.bytes(ended[0] ? "" + received[0] : ".");
                        buffer.append(text, 0, text.length);
                        return ended[0] ? BodyProducer.Progress.DONE : BodyProducer.Progress.LATER;
                    });
            client.send(random(1_000_000)).send(GET);
            Reply reply = client.reply();
            assertFalse(reply.closes());
            assertTrue(reply.text().matches("[.]*1000000"), reply::text);
            assertEquals("root", client.reply().text());
        }
    }

    @Test
    void abortsAnAnswerThatHasBegunWhenTheBodyIsMalformed() throws IOException {
        try (TestClient client = server.connect()) {
            client.send(head("/later") + "Transfer-Encoding: chunked\r\n\r\n");
            Pending one = awaitPending();
            one.response().stream(_ -> BodyProducer.Progress.LATER);
            one.request().receive(bodies.echo(one));
            client.send("x\r\n");
            assertFalse(client.restOrReset().endsWith("0\r\n\r\n"));
        }
        Await.until("the consumer is told", () -> bodies.failures.size() == 1);
    }
}
