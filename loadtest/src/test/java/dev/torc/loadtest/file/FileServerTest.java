package dev.torc.loadtest.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.torc.core.Server;
import dev.torc.core.spi.FileStrategy;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.DataInputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

@Timeout(30)
class FileServerTest {
    @TempDir private Path directory = Path.of("");

    @ParameterizedTest
    @EnumSource
    void answersEveryRequestWithTheFile(FileStrategy strategy) throws Exception {
        byte[] content = new byte[300_000];
        new Random(1).nextBytes(content);
        Path file = Files.write(directory.resolve("file"), content);
        try (Server server = FileServer.start(0, file, strategy, "auto");
                Socket client = new Socket()) {
            client.setSoTimeout(10_000);
            client.connect(server.address(), 10_000);
            DataInputStream in = new DataInputStream(client.getInputStream());
            for (int i = 0; i < 3; i++) {
                client.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1));
                StringBuilder head = new StringBuilder();
                while (!head.toString().endsWith("\r\n\r\n")) head.append((char) in.readByte());
                assertTrue(head.toString().contains("Content-Length: 300000\r\n"), head::toString);
                byte[] body = new byte[content.length];
                in.readFully(body);
                assertArrayEquals(content, body);
                Arrays.fill(body, (byte) 0);
            }
        }
    }
}
