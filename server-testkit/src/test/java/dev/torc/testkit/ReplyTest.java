package dev.torc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

class ReplyTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private static Reply read(String text) throws IOException {
        return Reply.read(new ByteArrayInputStream(TestClient.bytes(text)), false);
    }

    @Test
    void readsABodyByItsLengthAndNoFurther() throws IOException {
        ByteArrayInputStream in =
                new ByteArrayInputStream(
                        TestClient.bytes(OK + "Content-Length: 4\r\nX: 1\r\nx: 2\r\n\r\nbodynext"));
        Reply reply = Reply.read(in, false);
        assertEquals(200, reply.status());
        assertEquals("HTTP/1.1 200 OK", reply.statusLine());
        assertEquals("body", reply.text());
        assertEquals(4, reply.contentLength().orElseThrow());
        assertEquals(List.of("1", "2"), reply.headers("X"));
        assertThrows(AssertionError.class, () -> reply.header("X"));
        assertEquals("", reply.header("Y"));
        assertFalse(reply.isInterim());
        assertEquals("next", TestClient.text(in.readAllBytes()));
    }

    @Test
    void readsChunksAndTrailers() throws IOException {
        Reply reply =
                read(
                        OK
                                + "Transfer-Encoding: chunked\r\n\r\n"
                                + "3\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-Sum: 13\r\n\r\n");
        assertTrue(reply.isChunked());
        assertEquals("abc0123456789", reply.text());
        assertEquals(List.of("X-Sum: 13"), reply.trailers());
        assertFalse(reply.has("X-Sum"));
    }

    @Test
    void readsToTheEndOfAConnectionThatCloses() throws IOException {
        Reply reply = read(OK + "Connection: close\r\n\r\neverything");
        assertTrue(reply.closes());
        assertEquals("everything", reply.text());
    }

    @Test
    void knowsWhichResponsesHaveNoBody() throws IOException {
        assertTrue(read("HTTP/1.1 100 Continue\r\n\r\n").isInterim());
        assertEquals(0, read("HTTP/1.1 204 No Content\r\n\r\n").body().length);
        assertEquals(0, read("HTTP/1.1 304 \r\nContent-Length: 9\r\n\r\n").body().length);
        ByteArrayInputStream head =
                new ByteArrayInputStream(TestClient.bytes(OK + "Content-Length: 9\r\n\r\n"));
        assertEquals(0, Reply.read(head, true).body().length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK",
                "HTTP/1.1 200 OK\n\n",
                "HTTP/1.1 200 OK\r\r\n\r\n",
                "HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n",
                "HTTP/1.1 099 x\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n X: 1\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: \u0001\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
                "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 100 Continue\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n"
                        + "Transfer-Encoding: chunked\r\n"
                        + "Content-Length: 0\r\n\r\n"
                        + "0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX\r\n\r\n"
            })
    void refusesWhatAStrictClientRefuses(String text) {
        assertThrows(IOException.class, () -> read(text));
    }
}
