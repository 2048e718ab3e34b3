package dev.torc.http;

import dev.torc.core.Slice;
import dev.torc.testkit.TestClient;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// Routes that receive streamed bodies, and requests to them.
final class StreamedBodies {
    /// Requests of `/later`, of which nothing has been asked yet.
    record Pending(Request request, Response response) {}

    final Queue<Pending> pending = new ConcurrentLinkedQueue<>();
    final Queue<IOException> failures = new ConcurrentLinkedQueue<>();
    final Queue<String> broken = new ConcurrentLinkedQueue<>();

    Router router() {
        return new Router()
                .get("/", (_, response) -> response.send("root"))
                .post("/echo", Handlers.streaming((q, r) -> q.receive(new Echo(q, r, false))))
                .post("/pausing", Handlers.streaming((q, r) -> q.receive(new Echo(q, r, true))))
                .post("/whole", (q, r) -> q.receive(new Echo(q, r, true)))
                .post("/refused", Handlers.streaming((_, r) -> r.status(401).send("no")))
                .post("/later", Handlers.streaming((q, r) -> pending.add(new Pending(q, r))))
                .post("/failing", Handlers.streaming((q, _) -> q.receive(new Failing())));
    }

    BodyConsumer echo(Pending one) {
        return new Echo(one.request(), one.response(), false);
    }

    static byte[] random(int bytes) {
        byte[] body = new byte[bytes];
        new Random(bytes).nextBytes(body);
        return body;
    }

    static String head(String path) {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\n";
    }

    static byte[] withLength(String path, byte[] body) {
        return join(head(path) + "Content-Length: " + body.length + "\r\n\r\n", body);
    }

    /// In chunks of up to `size` bytes, with a trailer.
    static byte[] chunked(String path, byte[] body, int size) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(TestClient.bytes(head(path) + "Transfer-Encoding: chunked\r\n\r\n"));
        for (int i = 0; i < body.length; i += size) {
            int bytes = Math.min(size, body.length - i);
            out.writeBytes(TestClient.bytes(Integer.toHexString(bytes) + "\r\n"));
            out.write(body, i, bytes);
            out.writeBytes(TestClient.bytes("\r\n"));
        }
        out.writeBytes(TestClient.bytes("0\r\nX-Trailer: t\r\nAuthorization: no\r\n\r\n"));
        return out.toByteArray();
    }

    static byte[] join(String first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(TestClient.bytes(first));
        out.writeBytes(second);
        return out.toByteArray();
    }

    /// Sends in pieces drawn from the seed.
    static void sendInPieces(TestClient client, byte[] bytes, Random random) throws IOException {
        for (int at = 0; at < bytes.length; ) {
            int most = 1 << random.nextInt(17);
            int end = Math.min(bytes.length, at + 1 + random.nextInt(most));
            client.send(bytes, at, end);
            at = end;
        }
    }

    private static final class Failing implements BodyConsumer {
        @Override
        public void onPiece(Slice piece) {
            throw new StatusException(Status.CONFLICT, "on purpose");
        }

        @Override
        public void onEnd() {
            throw new IllegalStateException("called after it has failed");
        }
    }

    /// Sends back what it gets, with the trailer; pauses after each piece, if it is to. Watches
    /// over what a consumer is promised.
    private final class Echo implements BodyConsumer {
        private final Request request;
        private final Response response;
        private final boolean pauses;
        private final ByteArrayOutputStream all = new ByteArrayOutputStream();
        private final AtomicBoolean paused = new AtomicBoolean();
        private boolean over;

        Echo(Request request, Response response, boolean pauses) {
            this.request = request;
            this.response = response;
            this.pauses = pauses;
        }

        @Override
        public void onPiece(Slice piece) {
            check();
            if (piece.length() == 0) broken.add("an empty piece");
            all.writeBytes(piece.toBytes());
            if (!pauses) return;
            paused.set(true);
            request.pauseReceive();
            if (all.size() % 3 == 0) {
                resume();
            } else {
                Thread.ofVirtual().start(this::resume);
            }
        }

        private void resume() {
            paused.set(false);
            request.resumeReceive();
        }

        @Override
        public void onEnd() {
            check();
            over = true;
            String trailer = request.trailers().value("x-trailer");
            if (trailer != null) response.header("X-Trailer", trailer);
            if (request.trailers().value("Authorization") != null) broken.add("a trailer merged");
            response.send(all.toByteArray());
        }

        @Override
        public void onFailure(IOException failure) {
            if (over) broken.add("told twice");
            over = true;
            failures.add(failure);
        }

        private void check() {
            if (over) broken.add("called after its end");
            if (paused.get()) broken.add("called while paused");
        }
    }
}
