package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Seed;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The JDK's own client, as it comes: on clear text it offers HTTP/2 with each request, by an
/// upgrade that the server ignores.
@EveryNetwork(real = true)
class HttpClientTest {
    @Parameter Network network;
    @TempDir private Path directory;
    private LiveServer server;
    private HttpClient client;

    @BeforeEach
    void start() throws IOException {
        server = LiveServer.start(network, directory);
        client = HttpClient.newBuilder().followRedirects(Redirect.NORMAL).build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        client.shutdownNow();
        boolean ended = client.awaitTermination(Duration.ofSeconds(Await.PATIENCE_SECONDS));
        server.close();
        assertTrue(ended, "the client did not end");
    }

    private HttpRequest.Builder to(String path) {
        Duration limit = Duration.ofSeconds(Await.PATIENCE_SECONDS);
        return HttpRequest.newBuilder(URI.create(server.url(path))).timeout(limit);
    }

    private String get(String path) throws Exception {
        HttpResponse<String> response = client.send(to(path).build(), BodyHandlers.ofString());
        assertEquals(Version.HTTP_1_1, response.version());
        assertEquals(200, response.statusCode());
        return response.body();
    }

    private static <T> T join(CompletableFuture<T> future) {
        return future.orTimeout(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    private static byte[] random(int bytes, long seed) {
        byte[] body = new byte[bytes];
        new Random(seed).nextBytes(body);
        return body;
    }

    @Test
    void offersHttp2AndIsAnsweredInHttp11() throws Exception {
        String sent = get("/headers");
        assertTrue(sent.contains("\"Upgrade\":\"h2c\""), sent);
        assertTrue(sent.contains("\"HTTP2-Settings\":"), sent);
        HttpRequest post = to("/echo").POST(BodyPublishers.ofString("posted")).build();
        HttpResponse<String> response = client.send(post, BodyHandlers.ofString());
        assertEquals(Version.HTTP_1_1, response.version());
        assertEquals("posted", response.body());
        assertEquals(1, server.accepted());
    }

    @Test
    void keepsItsConnectionOverAnswersOfAllKinds() throws Exception {
        for (int i = 0; i < 20; i++) {
            int[] withoutContent = {204, 205, 304};
            int status = withoutContent[i % 3];
            HttpRequest empty = to("/status/" + status).build();
            HttpResponse<String> response = client.send(empty, BodyHandlers.ofString());
            assertEquals(status + "", response.statusCode() + response.body());
            HttpRequest head = to("/bytes/1000").HEAD().build();
            HttpResponse<String> headed = client.send(head, BodyHandlers.ofString());
            assertEquals("1000", headed.headers().firstValue("Content-Length").orElse(""));
            assertEquals("", headed.body());
            assertEquals("Hello, " + i + "!", get("/hello/" + i));
        }
        assertEquals("Hello, World!", get("/redirect/3"));
        assertEquals(1, server.accepted());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendsBodiesOfBothFramings(boolean expectContinue) throws Exception {
        long seed = Seed.next();
        for (int bytes : new int[] {0, 1, 16_384, 100_000, 1_000_000}) {
            byte[] body = random(bytes, seed);
            BodyPublisher sized = BodyPublishers.ofByteArray(body);
            BodyPublisher chunked =
                    BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
            for (BodyPublisher publisher : List.of(sized, chunked)) {
                HttpRequest request =
                        to("/echo").expectContinue(expectContinue).POST(publisher).build();
                HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
                assertEquals(200, response.statusCode());
                assertArrayEquals(body, response.body(), () -> bytes + " bytes, seed " + seed);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isToldThatABodyIsTooLarge(boolean expectContinue) throws Exception {
        HttpRequest request =
                to("/echo")
                        .expectContinue(expectContinue)
                        .POST(BodyPublishers.ofByteArray(new byte[(1 << 20) + 1]))
                        .build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        assertEquals(413, response.statusCode());
        assertTrue(response.body().startsWith("413 Content Too Large"), response.body());
        assertEquals("Hello, World!", get("/plaintext"));
    }

    /// The second half is sent only after the first has been read.
    @Test
    void readsAStreamWhileItIsSent() throws Exception {
        HttpResponse<InputStream> response =
                client.send(to("/gate/stream").build(), BodyHandlers.ofInputStream());
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(response.body(), StandardCharsets.US_ASCII))) {
            assertEquals("first", lines.readLine());
            HttpRequest open = to("/gate/stream").POST(BodyPublishers.noBody()).build();
            assertEquals("open", client.send(open, BodyHandlers.ofString()).body());
            assertEquals("second", lines.readLine());
            assertNull(lines.readLine());
        }
    }

    @Test
    void readsLargeAnswersOfBothFramings() throws Exception {
        HttpResponse<InputStream> sized =
                client.send(to("/bytes/20000000").build(), BodyHandlers.ofInputStream());
        try (InputStream body = sized.body()) {
            byte[] all = body.readAllBytes();
            assertEquals(20_000_000, all.length);
            for (int i = 0; i < all.length; i++) {
                if (all[i] != (byte) i) throw new AssertionError("byte " + i + " is " + all[i]);
            }
        }
        assertTrue(get("/stream/200000").endsWith("\nline 200000\n"));
        assertEquals(1, server.accepted());
    }

    @Test
    void leavesAnAnswerThatItDoesNotWant() throws Exception {
        HttpResponse<InputStream> endless =
                client.send(to("/bytes/100000000000").build(), BodyHandlers.ofInputStream());
        InputStream body = endless.body();
        assertEquals(1000, body.readNBytes(1000).length);
        body.close();
        Await.until("the connection is closed", () -> server.open() == 0);
        assertEquals("Hello, World!", get("/plaintext"));
    }

    @Test
    void isAnsweredManyRequestsAtOnce() {
        long seed = Seed.next();
        List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            byte[] body = random(i * 100, seed + i);
            HttpRequest request =
                    to("/echo")
                            .expectContinue(i % 4 == 0)
                            .POST(BodyPublishers.ofByteArray(body))
                            .build();
            answers.add(client.sendAsync(request, BodyHandlers.ofByteArray()));
        }
        for (int i = 0; i < 200; i++) {
            HttpResponse<byte[]> response = join(answers.get(i));
            assertEquals(200, response.statusCode());
            assertArrayEquals(random(i * 100, seed + i), response.body(), "seed " + seed);
        }
        assertFalse(server.accepted() > 200, server.accepted() + " connections");
    }
}
