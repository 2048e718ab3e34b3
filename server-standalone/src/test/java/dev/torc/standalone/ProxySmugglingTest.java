package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.standalone.Proxy.Kind;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Messages whose end is a matter of opinion. Where a proxy and the server behind it disagree, a
/// request goes past the proxy, and the next client is sent its answer (RFC 9112, section 11.2).
@EveryNetwork(real = true)
class ProxySmugglingTest {
    private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST /echo HTTP/1.1\r\nHost: a\r\n";
    private static final String LENGTH = "Content-Length: ";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

    @Parameter Network network;
    @TempDir private Path directory;

    /// Length and chunked at once: each reader that goes by one of the two finds another end.
    private static List<String> lengthAndCoding() {
        int hidden = HIDDEN.length();
        String none = "0\r\n\r\n";
        String all = Integer.toHexString(hidden) + "\r\n" + HIDDEN + "\r\n0\r\n\r\n";
        List<String> attacks = new ArrayList<>();
        for (String coding :
                List.of(
                        CHUNKED,
                        "Transfer-Encoding : chunked\r\n",
                        "Transfer-Encoding:\tchunked\r\n",
                        "Transfer-Encoding: Chunked\r\n",
                        "Transfer-Encoding: xchunked\r\n",
                        "Transfer-Encoding: chunked, identity\r\n",
                        "Transfer-Encoding: identity, chunked\r\n",
                        "Transfer-Encoding: \"chunked\"\r\n",
                        "Transfer-Encoding:\u000bchunked\r\n",
                        "Transfer-Encoding:\r\n chunked\r\n",
                        "X: x\nTransfer-Encoding: chunked\r\n",
                        CHUNKED + "Transfer-Encoding: identity\r\n",
                        "Transfer_Encoding: chunked\r\n")) {
            String longer = LENGTH + (none.length() + hidden) + "\r\n";
            attacks.add(POST + longer + coding + "\r\n" + none + HIDDEN);
            attacks.add(POST + coding + longer + "\r\n" + none + HIDDEN);
            attacks.add(POST + LENGTH + "4\r\n" + coding + "\r\n" + all);
        }
        return attacks;
    }

    /// Lengths that can be read in two ways.
    private static List<String> lengths() {
        int hidden = HIDDEN.length();
        List<String> attacks = new ArrayList<>();
        for (String length :
                List.of(
                        "0\r\n" + LENGTH + hidden,
                        hidden + "\r\n" + LENGTH + "0",
                        hidden + "\r\n" + LENGTH + hidden,
                        "0, " + hidden,
                        "+" + hidden,
                        "-" + hidden,
                        "0x" + Integer.toHexString(hidden),
                        hidden + " 0",
                        hidden + ".0",
                        "0" + hidden,
                        "18446744073709551616",
                        "\u000b" + hidden)) {
            attacks.add(POST + LENGTH + length + "\r\n\r\n" + HIDDEN);
        }
        attacks.add(POST + "Content-Length : " + hidden + "\r\n\r\n" + HIDDEN);
        attacks.add(POST + "Content-Length:\r\n " + hidden + "\r\n\r\n" + HIDDEN);
        // named as a matter of the connection, and so not to be passed on
        String named = "Connection: Content-Length\r\n" + LENGTH + hidden + "\r\n\r\n";
        attacks.add(POST + named + HIDDEN);
        attacks.add(POST.replace("POST /echo", "GET /plaintext") + named + HIDDEN);
        // bodies where there is none as a rule
        for (String start : List.of("GET /plaintext", "HEAD /plaintext", "OPTIONS /echo")) {
            attacks.add(
                    POST.replace("POST /echo", start) + (LENGTH + hidden + "\r\n\r\n") + HIDDEN);
        }
        return attacks;
    }

    /// Chunks that can be read in two ways, in messages that are framed well.
    private static List<String> chunks() {
        String size = Integer.toHexString(HIDDEN.length());
        List<String> attacks = new ArrayList<>();
        for (String body :
                List.of(
                        "0\n\r\n" + HIDDEN,
                        "0\r\n\n" + HIDDEN,
                        "0;\n" + size + "\r\n\r\n" + HIDDEN,
                        "0 \r\n\r\n" + HIDDEN,
                        " 0\r\n\r\n" + HIDDEN,
                        "0x0\r\n\r\n" + HIDDEN,
                        "-0\r\n\r\n" + HIDDEN,
                        "10000000000000000\r\n\r\n" + HIDDEN,
                        "1\r\nab\r\n0\r\n\r\n" + HIDDEN,
                        "1\r\na0\r\n\r\n" + HIDDEN,
                        "0\r\nContent-Length: " + HIDDEN.length() + "\r\n\r\n" + HIDDEN,
                        size + ";a=\"\r\n" + HIDDEN + "\"\r\n0\r\n\r\n")) {
            attacks.add(POST + CHUNKED + "\r\n" + body);
        }
        attacks.add(POST.replace("1.1", "1.0") + CHUNKED + "\r\n0\r\n\r\n" + HIDDEN);
        return attacks;
    }

    /// Requests to speak something else from then on, which the server does not.
    private static List<String> upgrades() {
        String get = "GET /plaintext HTTP/1.1\r\nHost: a\r\n";
        return List.of(
                get + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n" + HIDDEN,
                get
                        + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                        + "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n"
                        + HIDDEN,
                "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n" + HIDDEN);
    }

    private static List<String> attacks() {
        List<String> attacks = new ArrayList<>(lengthAndCoding());
        attacks.addAll(lengths());
        attacks.addAll(chunks());
        attacks.addAll(upgrades());
        return attacks;
    }

    /// A request that follows a complete one is no attack: the proxy may see it, too, and pass it
    /// on. None may pass it by.
    @ParameterizedTest
    @EnumSource(names = "NGINX_HTTP10", mode = EnumSource.Mode.EXCLUDE)
    void noRequestPassesAProxyBy(Kind kind) throws IOException {
        try (LiveServer server = LiveServer.start(network, directory);
                Proxy proxy = Proxy.start(kind, directory, server);
                TestClient victim = proxy.connect()) {
            for (String attack : attacks()) {
                try (TestClient attacker = proxy.connect()) {
                    attacker.send(attack).endOutput();
                    attacker.restOrReset();
                }
                for (int i = 0; i < 2; i++) {
                    String answer = victim.get("/hello/" + i).text();
                    assertEquals("Hello, " + i + "!", answer, attack);
                }
                assertEquals(0, server.unproxied(), attack);
            }
            assertTrue(server.requests("/hello/0") == attacks().size());
        }
    }

    /// Without a proxy there is no other opinion: what has two is refused, and the connection ends.
    @Test
    void theServerItselfRefusesLengthAndCoding() throws IOException {
        try (LiveServer server = LiveServer.start(network, directory)) {
            for (String attack : lengthAndCoding()) {
                if (attack.contains("Transfer_Encoding")) continue; // is any field
                try (TestClient attacker = server.connect()) {
                    String said = attacker.send(attack).restOrReset();
                    assertTrue(said.matches("HTTP/1.1 (400|501) (?s:.*)"), said + " to " + attack);
                    assertFalse(said.substring(1).contains("HTTP/1.1 "), said + " to " + attack);
                }
            }
            assertEquals(0, server.requests("/hidden"));
            assertEquals(0, server.requests("/echo"));
        }
    }

    /// The canary: this is how a request that no proxy has seen is noticed.
    @Test
    void aRequestWithoutAProxyIsNoticed() throws IOException {
        try (LiveServer server = LiveServer.start(network, directory);
                TestClient client = server.connect()) {
            client.get("/plaintext");
            assertEquals(1, server.unproxied());
        }
    }
}
