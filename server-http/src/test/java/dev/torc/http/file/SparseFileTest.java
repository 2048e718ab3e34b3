package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file of more bytes than an `int` can count, most of them holes.
@EveryNetwork(real = true)
class SparseFileTest {
    private static final long SIZE = 5L << 30;
    private static final byte[] MARK = "torc".getBytes(StandardCharsets.US_ASCII);
    private static final long[] MARKS = {
        0, (1L << 31) - 2, (1L << 32) - 2, (1L << 32) + 65_535, SIZE - MARK.length
    };

    @Parameter Network network;
    @TempDir Path root;

    private void writeFile() throws IOException {
        Path path = root.resolve("file");
        long before = Files.getFileStore(root).getUsableSpace();
        assumeTrue(before > 1 << 20, "no room on this file system");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(SIZE);
            for (long at : MARKS) {
                file.seek(at);
                file.write(MARK);
            }
        }
        assumeTrue(Files.size(path) == SIZE, "this file system has no files of 5 GiB");
        long taken = before - Files.getFileStore(root).getUsableSpace();
        assumeTrue(taken < SIZE / 2, "this file system has no sparse files");
    }

    private static byte[] expected(long start, int length) {
        byte[] content = new byte[length];
        for (long mark : MARKS) {
            for (int i = 0; i < MARK.length; i++) {
                long at = mark + i - start;
                if (at >= 0 && at < length) content[(int) at] = MARK[i];
            }
        }
        return content;
    }

    @Test
    void isSentToTheByteInRanges() throws IOException {
        writeFile();
        try (FileServer server = FileServer.start(network, root, FileOptions.defaults())) {
            assertEquals(SIZE, server.head("/file").contentLength().orElseThrow());
            for (long mark : MARKS) {
                long start = Math.max(0, mark - 100_000);
                long end = Math.min(SIZE, mark + 100_000);
                String range = "Range: bytes=" + start + "-" + (end - 1);
                Reply reply = server.get("/file", range);
                assertEquals(206, reply.status());
                String told = "bytes " + start + "-" + (end - 1) + "/" + SIZE;
                assertEquals(told, reply.header("Content-Range"));
                assertArrayEquals(expected(start, (int) (end - start)), reply.body());
            }
        }
    }

    @Test
    @Tag("slow")
    void isSentToTheByteAsAWhole() throws IOException {
        writeFile();
        try (FileServer server = FileServer.start(network, root, FileOptions.defaults())) {
            server.client().send(FileServer.request("GET", "/file"));
            String head = "";
            while (!head.endsWith("\r\n\r\n")) {
                head += new String(server.client().read(1), StandardCharsets.ISO_8859_1);
            }
            int step = 1 << 22;
            for (long at = 0; at < SIZE; at += step) {
                assertArrayEquals(expected(at, step), server.client().read(step));
            }
            assertEquals(SIZE, server.head("/file").contentLength().orElseThrow());
        }
    }
}
