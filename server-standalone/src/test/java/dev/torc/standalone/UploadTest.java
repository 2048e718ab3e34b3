package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.http.file.FileHandler;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;

class UploadTest {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private HttpServer server;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        server =
                HttpServer.start(
                        ServerConfig.defaults().withPort(0).withShards(1),
                        new DemoRoutes().router(new FileHandler(directory, "path")));
    }

    @AfterEach
    void stop() {
        client.close();
        if (server != null) server.close();
    }

    private HttpResponse<String> upload(BodyPublisher body, boolean expects) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/upload"))
                        .expectContinue(expects)
                        .POST(body)
                        .build();
        return client.send(request, BodyHandlers.ofString());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 70_000, 5_000_000})
    void tellsSizeAndHash(int bytes) throws Exception {
        byte[] body = new byte[bytes];
        new Random(bytes).nextBytes(body);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
        String told =
                "{\"size\":" + bytes + ",\"sha256\":\"" + HexFormat.of().formatHex(hash) + "\"}";
        for (boolean expects : new boolean[] {false, true}) {
            BodyPublisher sized = BodyPublishers.ofByteArray(body);
            BodyPublisher chunked =
                    BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
            for (BodyPublisher publisher : new BodyPublisher[] {sized, chunked}) {
                HttpResponse<String> response = upload(publisher, expects);
                assertEquals(
                        "application/json",
                        response.headers().firstValue("Content-Type").orElse(""));
                assertEquals(told, response.body());
            }
        }
    }
}
