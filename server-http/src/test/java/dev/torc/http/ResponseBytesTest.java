package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.torc.core.Slice;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// What a filter can tell of requests and answers: from whom, and how many bytes.
@EveryNetwork
class ResponseBytesTest {
    @Parameter Network network;
    @TempDir Path directory;

    private final BlockingQueue<Long> told = new LinkedBlockingQueue<>();

    private void tell(Request request, Response response, Handler next) throws Exception {
        response.whenCommitted(() -> told.add(response.bodyBytes()));
        next.handle(request, response);
    }

    private static BodyProducer.Progress produce(Slice buffer) {
        buffer.append(new byte[100], 0, 100);
        return BodyProducer.Progress.DONE;
    }

    private long told() throws InterruptedException {
        Long bytes = told.poll(20, TimeUnit.SECONDS);
        assertNotNull(bytes, "nothing was committed");
        return bytes;
    }

    @Test
    void areThoseOfTheBodyThatWillGo() throws IOException, InterruptedException {
        Path file = Files.write(directory.resolve("file"), new byte[50_000]);
        Router router =
                new Router()
                        .filter(this::tell)
                        .get("/array", (_, response) -> response.send(new byte[1000]))
                        .get("/part", (_, response) -> response.send(new byte[1000], 100, 20))
                        .get("/none", (_, response) -> response.status(204).send())
                        .get("/file", (_, response) -> response.file(file))
                        .get("/file/part", (_, response) -> response.file(file, 10, 300))
                        .get(
                                "/known",
                                (_, to) -> to.contentLength(100).stream(ResponseBytesTest::produce))
                        .get("/unknown", (_, to) -> to.stream(ResponseBytesTest::produce))
                        .get("/later", Handlers.blocking((_, to) -> to.send(new byte[7])));
        String[] paths = {
            "/array", "/part", "/none", "/file", "/file/part", "/known", "/unknown", "/later"
        };
        long[] bytes = {1000, 20, 0, 50_000, 300, 100, -1, 7};
        try (TestServer server = TestServer.start(network, router);
                TestClient client = server.connect()) {
            for (int i = 0; i < paths.length; i++) {
                client.get(paths[i]);
                assertEquals(bytes[i], told(), paths[i]);
                client.send("HEAD " + paths[i] + " HTTP/1.1\r\nHost: a\r\n\r\n");
                client.replyToHead();
                assertEquals(0, told(), paths[i]);
            }
            int failed = client.get("/nowhere").body().length;
            assertEquals(failed, told());
        }
    }

    @Test
    void tellsClientsApart() throws IOException, InterruptedException {
        BlockingQueue<InetSocketAddress> clients = new LinkedBlockingQueue<>();
        Handler handler =
                (request, response) -> {
                    InetSocketAddress client = request.remoteAddress();
                    if (client != null) clients.add(client);
                    response.send();
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient one = server.connect();
                TestClient other = server.connect()) {
            one.get("/");
            one.get("/");
            other.get("/");
            InetSocketAddress first = clients.poll(20, TimeUnit.SECONDS);
            assertNotNull(first);
            assertEquals(first, clients.poll(20, TimeUnit.SECONDS));
            InetSocketAddress third = clients.poll(20, TimeUnit.SECONDS);
            assertNotNull(third);
            assertNotEquals(first, third);
        }
    }
}
