package dev.torc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/// Against a bare socket, so that it is the client which is tested.
class TestClientTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private ServerSocket listener;
    private TestClient client;
    private Socket peer;

    @BeforeEach
    void connect() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        client = TestClient.connect((InetSocketAddress) listener.getLocalSocketAddress());
        peer = listener.accept();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        peer.close();
        listener.close();
    }

    private void answer(String text) throws IOException {
        peer.getOutputStream().write(TestClient.bytes(text));
    }

    private String received(int bytes) throws IOException {
        InputStream in = peer.getInputStream();
        return TestClient.text(in.readNBytes(bytes));
    }

    @Test
    void sendsExactlyWhatItIsTold() throws IOException {
        client.send("\r\n\u00ff GE").drip("T\0").send(new byte[] {1, 2, 3}, 1, 2).endOutput();
        assertEquals("\r\n\u00ff GET\0\u0002", received(100));
    }

    @Test
    void asksByTheShortestRequest() throws IOException {
        answer(OK);
        assertEquals("ok", client.get("/x").text());
        assertEquals("GET /x HTTP/1.1\r\nHost: a\r\n\r\n", received(28));
    }

    @Test
    void readsResponsesOneByOne() throws IOException {
        answer("HTTP/1.1 100 Continue\r\n\r\n" + OK + "HTTP/1.1 103 Early Hints\r\n\r\n" + OK);
        assertEquals(100, client.reply().status());
        assertEquals(200, client.reply().status());
        assertEquals(200, client.finalReply().status());
        answer(OK.replace("\r\nok", "\r\n") + OK);
        assertEquals("", client.replyToHead().text());
        assertEquals("ok", client.reply().text());
    }

    @Test
    void readsResponsesUpToTheEnd() throws IOException {
        answer(OK.replace("\r\nok", "\r\n") + OK);
        assertEquals("", client.replyOrEnd(true).orElseThrow().text());
        assertEquals("ok", client.replyOrEnd(false).orElseThrow().text());
        answer("H");
        peer.shutdownOutput();
        assertThrows(IOException.class, () -> client.replyOrEnd(false));
        assertTrue(client.replyOrEnd(false).isEmpty());
    }

    @Test
    void readsWhateverElseComes() throws IOException {
        answer("skipped, read, rest");
        client.skip(9);
        assertEquals("read", TestClient.text(client.read(4)));
        peer.shutdownOutput();
        assertEquals(", rest", client.rest());
        assertTrue(client.isAtEnd());
    }

    @Test
    void moreBytesAreNotTheEnd() throws IOException {
        answer("x");
        assertFalse(client.isAtEnd());
    }

    @Test
    void aResetIsAnEndForWhoSaysSo() throws IOException {
        peer.setSoLinger(true, 0);
        peer.close();
        assertEquals("", client.restOrReset());
    }

    @Test
    void resetsAConnection() throws IOException {
        client.reset();
        assertThrows(IOException.class, () -> received(1));
    }

    @Test
    void failsInsteadOfWaitingForEver() throws IOException {
        client.timeout(Duration.ofMillis(10));
        assertThrows(SocketTimeoutException.class, client::reply);
        assertThrows(SocketTimeoutException.class, client::restOrReset);
        assertThrows(IllegalArgumentException.class, () -> client.timeout(Duration.ZERO));
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        listener.close();
        assertThrows(
                ConnectException.class,
                () ->
                        TestClient.connect(
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(),
                                        listener.getLocalPort())));
    }
}
