package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.spi.FileStrategy;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;

/// Conditions and ranges, from the client's side.
@EveryNetwork
class FileConditionsTest {
    private static final String OLD = "Sat, 29 Oct 1994 19:43:31 GMT";
    private static final int BIG_BYTES = 300_000;

    @Parameter Network network;
    @TempDir Path root;

    private final byte[] big = new byte[BIG_BYTES];
    private FileServer server;

    @BeforeEach
    void start() throws IOException {
        new Random(7).nextBytes(big);
        write("small.txt", "0123456789".getBytes(StandardCharsets.UTF_8));
        write("big.bin", big);
        write("empty.txt", new byte[0]);
        server =
                FileServer.start(
                        network, root, FileOptions.defaults().withTagPolicy(TagPolicy.COPIES));
    }

    /// Changed long ago, so that its tag is strong once its inode's time is no part of it.
    private void write(String name, byte[] content) throws IOException {
        Path file = Files.write(root.resolve(name), content);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-02-02T20:20:20Z")));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void tellsTheStateOfAFile() throws IOException {
        for (String name : new String[] {"/small.txt", "/big.bin", "/empty.txt"}) {
            Reply reply = server.get(name);
            assertEquals(200, reply.status());
            assertEquals("Sun, 02 Feb 2020 20:20:20 GMT", reply.header("Last-Modified"));
            assertTrue(reply.header("ETag").endsWith("\""));
            assertEquals("bytes", reply.header("Accept-Ranges"));
            assertEquals(reply.header("ETag"), server.head(name).header("ETag"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/small.txt", "/big.bin", "/empty.txt"})
    void sendsNothingToWhoHasIt(String name) throws IOException {
        Reply whole = server.get(name);
        String tag = whole.header("ETag").replace("W/", "");
        for (String condition :
                new String[] {
                    "If-None-Match: " + tag,
                    "If-None-Match: W/" + tag,
                    "If-None-Match: \"x\", " + tag,
                    "If-None-Match: *",
                    "If-Modified-Since: " + whole.header("Last-Modified")
                }) {
            Reply reply = server.get(name, condition);
            assertEquals(304, reply.status(), condition);
            assertEquals(whole.header("ETag"), reply.header("ETag"));
            assertFalse(reply.has("Content-Length"));
            assertEquals(304, server.head(name, condition).status());
        }
        assertEquals(200, server.get(name, "If-None-Match: \"x\"").status());
        assertEquals(200, server.get(name, "If-Modified-Since: " + OLD).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/small.txt", "/big.bin"})
    void failsAConditionThatDoesNotHold(String name) throws IOException {
        assertEquals(412, server.get(name, "If-Match: \"x\"").status());
        assertEquals(412, server.get(name, "If-Unmodified-Since: " + OLD).status());
        assertEquals(200, server.get(name, "If-Match: *").status());
        assertEquals(412, server.head(name, "If-Match: \"x\"").status());
        assertEquals(200, server.get(name).status());
    }

    @ParameterizedTest
    @CsvSource({
        "0-0, 0, 1",
        "0-9, 0, 10",
        "5-, 5, 10",
        "-3, 7, 10",
        "-100, 0, 10",
        "2-4, 2, 5",
        "8-99, 8, 10"
    })
    void sendsAPartOfASmallFile(String range, int start, int end) throws IOException {
        Reply reply = server.get("/small.txt", "Range: bytes=" + range);
        assertEquals(206, reply.status());
        assertEquals("0123456789".substring(start, end), reply.text());
        assertEquals("bytes " + start + "-" + (end - 1) + "/10", reply.header("Content-Range"));
        assertEquals("0123456789", server.get("/small.txt").text());
    }

    @ParameterizedTest
    @EnumSource
    void sendsPartsOfALargeFileByEachStrategy(FileStrategy strategy) throws IOException {
        FileOptions options = FileOptions.defaults().withStrategy(strategy);
        try (FileServer other = FileServer.start(network, root, options)) {
            assertArrayEquals(big, other.get("/big.bin").body());
            int[][] ranges = {
                {0, 1}, {0, BIG_BYTES}, {99_999, 250_000}, {BIG_BYTES - 1, BIG_BYTES}
            };
            for (int[] range : ranges) {
                String asked = range[0] + "-" + (range[1] - 1);
                Reply reply = other.get("/big.bin", "Range: bytes=" + asked);
                assertEquals(206, reply.status());
                assertArrayEquals(Arrays.copyOfRange(big, range[0], range[1]), reply.body());
            }
        }
    }

    @Test
    void refusesAPartBeyondTheEnd() throws IOException {
        for (String name : new String[] {"/small.txt", "/big.bin"}) {
            Reply reply = server.get(name, "Range: bytes=1000000-");
            assertEquals(416, reply.status());
            int size = name.equals("/big.bin") ? BIG_BYTES : 10;
            assertEquals("bytes */" + size, reply.header("Content-Range"));
        }
        assertEquals(200, server.get("/empty.txt", "Range: bytes=0-").status());
    }

    @Test
    void sendsAllWhereTheRangeDoesNotCount() throws IOException {
        // A file that has just been written has a weak tag, which no part goes with.
        Await.until("a strong tag", () -> tag("/small.txt").startsWith("\""));
        String tag = tag("/small.txt");
        assertEquals(
                206, server.get("/small.txt", "Range: bytes=1-2", "If-Range: " + tag).status());
        assertEquals(200, server.get("/small.txt", "Range: bytes=1-2", "If-Range: \"x\"").status());
        assertEquals(200, server.get("/small.txt", "Range: lines=1-2").status());
        assertEquals(200, server.get("/small.txt", "Range: bytes=2-1").status());
        Reply head = server.head("/small.txt", "Range: bytes=1-2");
        assertEquals(200, head.status());
        assertEquals(10, head.contentLength().orElseThrow());
    }

    private String tag(String name) {
        try {
            return server.get(name).header("ETag");
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/small.txt", "/big.bin"})
    void sendsSeveralParts(String name) throws IOException {
        byte[] all = server.get(name).body();
        int last = all.length - 1;
        String far = name.equals("/big.bin") ? "0-99999,200000-200999,-1" : "0-0,-1";
        Reply reply = server.get(name, "Range: bytes=" + far);
        assertEquals(206, reply.status());
        if (name.equals("/small.txt")) {
            // Too near each other to be two.
            assertEquals("bytes 0-" + last + "/10", reply.header("Content-Range"));
            assertArrayEquals(all, reply.body());
            return;
        }
        String type = reply.header("Content-Type");
        assertTrue(type.startsWith("multipart/byteranges; boundary="), type);
        assertFalse(reply.has("Content-Range"));
        String body = new String(reply.body(), StandardCharsets.ISO_8859_1);
        String whole = new String(all, StandardCharsets.ISO_8859_1);
        String boundary = "--" + type.substring(type.indexOf('=') + 1);
        String[] parts = body.split("\r\n?" + boundary + "|^" + boundary, -1);
        assertEquals(5, parts.length);
        assertTrue(parts[1].endsWith("\r\n\r\n" + whole.substring(0, 100_000)));
        assertTrue(parts[2].contains("Content-Range: bytes 200000-200999/" + BIG_BYTES));
        assertTrue(parts[2].endsWith("\r\n\r\n" + whole.substring(200_000, 201_000)));
        assertTrue(parts[3].endsWith("\r\n\r\n" + whole.substring(last)));
        assertEquals("--\r\n", parts[4]);
        assertEquals(200, server.get("/small.txt").status());
    }

    @Test
    void answersAPipelineOfSmallAndLargeFilesInOrder() throws IOException {
        StringBuilder requests = new StringBuilder();
        String[] names = {
            "/small.txt", "/big.bin", "/empty.txt", "/big.bin", "/none", "/small.txt"
        };
        for (String name : names) requests.append(FileServer.request("GET", name));
        server.client().send(requests.toString());
        for (String name : names) {
            Reply reply = server.client().reply();
            assertEquals(name.equals("/none") ? 404 : 200, reply.status());
            if (name.equals("/big.bin")) assertArrayEquals(big, reply.body());
            if (name.equals("/small.txt")) assertEquals("0123456789", reply.text());
        }
    }

    @Test
    void takesNoOtherMethod() throws IOException {
        server.client().send("POST /small.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        Reply reply = server.client().reply();
        assertEquals(405, reply.status());
        assertEquals("GET, HEAD", reply.header("Allow"));
    }
}
