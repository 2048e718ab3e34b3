package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.Router;
import dev.torc.http.SmallDisk;
import dev.torc.http.TestServer;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Uploads to a file system of 512 KiB, which only a privileged user can mount: skipped for others.
/// `ServeCommandTest` fills a limit that everybody can set.
@EveryNetwork
class FullDiskTest {
    private static final int DISK_KIB = 512;
    private static final int TOO_MUCH = (DISK_KIB << 10) + 65_536;

    @Parameter Network network;
    @TempDir Path directory;

    private Path root = Path.of("");
    private @Nullable SmallDisk disk;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        SmallDisk mounted = SmallDisk.mount(directory, DISK_KIB);
        disk = mounted;
        root = mounted.root();
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (disk != null) disk.close();
    }

    @Test
    void saysThatThereIsNoRoomAndKeepsWhatThereWas() throws IOException {
        Files.writeString(root.resolve("file"), "old");
        FileHandler files = new FileHandler(root, "path", FileOptions.defaults().withUploads(true));
        Router router = new Router().get("/{path...}", files).put("/{path...}", files);
        try (TestServer server = TestServer.start(network, router);
                TestClient client = server.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send(head(TOO_MUCH)).send(new byte[TOO_MUCH]);
                Reply reply = client.reply();
                assertEquals(507, reply.status());
                assertTrue(reply.text().contains("no room"), reply.text());
                assertEquals("old", client.get("/file").text());
            }
            try (Stream<Path> all = Files.list(root)) {
                assertEquals(List.of(root.resolve("file")), all.toList());
            }
            client.send(head(TOO_MUCH / 2)).send(new byte[TOO_MUCH / 2]);
            assertEquals(204, client.reply().status());
        }
    }

    private static String head(int length) {
        return "PUT /file HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n";
    }
}
