package dev.torc.http.h1;

import static dev.torc.http.h1.Heads.accepted;
import static dev.torc.http.h1.Heads.host;
import static dev.torc.http.h1.Heads.range;
import static dev.torc.http.h1.Heads.refused;
import static dev.torc.http.h1.Heads.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;

import dev.torc.core.memory.Memory;
import dev.torc.http.HttpLimits;
import dev.torc.http.Method;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.Fenced;
import dev.torc.http.message.Refusal;
import dev.torc.http.message.RequestHead;
import dev.torc.http.message.TargetForm;
import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;

class RequestParserTest {
    private static final HttpLimits LIMITS = Heads.LIMITS;
    private static final String BROWSER =
            """
            GET /articles/2025/shard-per-core?page=2&sort=new HTTP/1.1
            Host: www.example.com
            User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8
            Accept-Language: en-US,en;q=0.5
            Accept-Encoding: gzip, deflate, br, zstd
            Connection: keep-alive
            Cookie: session=8f14e45fceea167a5a36dedd4bea2543; theme=dark
            Upgrade-Insecure-Requests: 1

            """
                    .replace("\n", "\r\n");

    @Test
    void parsesABrowsersHead() {
        RequestHead head = accepted(BROWSER);
        assertEquals(Method.GET, head.method());
        assertEquals(TargetForm.ORIGIN, head.form());
        assertEquals(1, head.minorVersion());
        assertEquals(8, head.headerCount());
        assertTrue(head.isKeepAlive());
        assertFalse(head.hasBody());
        try (Fenced moved = Fenced.of(BROWSER)) {
            head.moveTo(moved.address());
            assertEquals("/articles/2025/shard-per-core", head.path());
            assertEquals("page=2&sort=new", range(head, head.queryStart(), head.queryEnd()));
            assertEquals("www.example.com", host(head));
            assertEquals(
                    "1", head.fields().value(head.find(Ascii.bytes("upgrade-insecure-requests"))));
            assertEquals("Cookie", head.fields().name(6));
            assertEquals(-1, head.find(Ascii.bytes("content-length")));
        }
    }

    @Test
    void knowsEveryMethodByItsExactName() {
        for (Method method : Method.values()) {
            boolean connect = method == Method.CONNECT;
            String line = method + (connect ? " a:1" : " /") + " HTTP/1.1\r\nHost: a\r\n\r\n";
            assertEquals(method, accepted(line).method());
        }
        for (String other :
                List.of(
                        "get",
                        "Get",
                        "GETT",
                        "GE",
                        "PROPFIND",
                        "VERSION-CONTROL",
                        "!#$%&'*+-.^_`|~")) {
            assertEquals(Method.OTHER, accepted(other + " / HTTP/1.1\r\nHost: a\r\n\r\n").method());
        }
    }

    @Test
    void refusesAMethodThatIsNoToken() {
        for (String method :
                List.of(
                        "",
                        "G(T",
                        "G:T",
                        "G\tT",
                        "G\u0000T",
                        "G\u00c9T",
                        ":GET",
                        "\u0001GET",
                        "GET\t")) {
            refused(400, method + " / HTTP/1.1\r\nHost: a\r\n\r\n");
        }
    }

    @Test
    void refusesARequestLineThatIsNotDelimitedBySingleSpaces() {
        for (String line :
                List.of(
                        "GET  / HTTP/1.1",
                        "GET /  HTTP/1.1",
                        " GET / HTTP/1.1",
                        "GET / HTTP/1.1 ",
                        "GET\t/ HTTP/1.1",
                        "GET /\tHTTP/1.1",
                        "GET / HTTP/1.1 x",
                        "GET /a b HTTP/1.1",
                        "GET /",
                        "GET / ",
                        "GET")) {
            refused(400, line + "\r\nHost: a\r\n\r\n");
        }
    }

    @Test
    void refusesEveryVersionButItsOwn() {
        for (String version : List.of("HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/3.0", "HTTP/9.9")) {
            refused(505, "GET / " + version + "\r\nHost: a\r\n\r\n");
        }
        for (String version :
                List.of(
                        "HTTP/1",
                        "HTTP/1.",
                        "HTTP/1.10",
                        "HTTP/11.1",
                        "http/1.1",
                        "HTTP/1,1",
                        "HTTP/-1.1",
                        "HTP/1.1",
                        "HTTPS/1.1",
                        "")) {
            refused(400, "GET / " + version + "\r\nHost: a\r\n\r\n");
        }
        refused(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    }

    @Test
    void skipsAFewEmptyLinesAndNothingElse() {
        String request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        for (int lines = 0; lines <= 4; lines++) {
            RequestHead head = accepted("\r\n".repeat(lines) + request);
            assertEquals(2 * lines, head.methodStart());
        }
        refused(400, "\r\n".repeat(5) + request);
        for (String prefix : List.of("\n", "\r", "\r\r\n", " ", "\t", "\u0000", "\u000b", " \r\n"))
            refused(400, prefix + request);
    }

    @Test
    void enforcesItsLimitsToTheByte() {
        HttpLimits limits =
                LIMITS.withRequestLineBytesMax(20).withHeadBytesMax(40).withHeaderCountMax(2);
        assertEquals(0, status(limits, "GET /567 HTTP/1.1\r\nHost: a\r\n\r\n"));
        assertEquals(0, status(limits, "GET /5678 HTTP/1.1\r\nHost: a\r\n\r\n"));
        assertEquals(414, status(limits, "GET /56789 HTTP/1.1\r\nHost: a\r\n\r\n"));
        assertEquals(414, status(limits, "GET /567890123456789"));
        assertEquals(501, status(limits, "ABCDEFGHIJKLMNOPQRST"));
        assertEquals(501, status(limits, "ABCDEFGHIJKLMNOPQRSTUVWXYZ / HTTP/1.1\r\n\r\n"));
        assertEquals(0, status(limits, "GET / HTTP/1.1\r\nHost: a\r\nX: 12345678\r\n\r\n"));
        assertEquals(431, status(limits, "GET / HTTP/1.1\r\nHost: a\r\nX: 123456789\r\n\r\n"));
        assertEquals(431, status(limits, "GET / HTTP/1.1\r\nHost: a\r\nX: 1234567890123"));
        assertEquals(0, status(limits, "GET / HTTP/1.1\r\nHost: a\r\nB: 2\r\n\r\n"));
        assertEquals(431, status(limits, "GET / HTTP/1.1\r\nHost: a\r\nB: 2\r\nC: 3\r\n\r\n"));
        assertEquals(431, status(limits, "GET / HTTP/1.1\r\nHost: a\r\nB: 2\r\nC"));
    }

    @Test
    void waitsForEveryMissingByte() {
        byte[] bytes = BROWSER.getBytes(StandardCharsets.ISO_8859_1);
        RequestParser parser = new RequestParser(LIMITS);
        for (int length = 0; length < bytes.length; length++) {
            RequestHead head = new RequestHead(LIMITS.headerCountMax());
            try (Fenced input = Fenced.of(Arrays.copyOf(bytes, length))) {
                assertEquals(RequestParser.PARTIAL, parser.parse(input.address(), length, head));
            }
        }
    }

    @Test
    void leavesWhatFollowsTheHead() {
        RequestParser parser = new RequestParser(LIMITS);
        try (Fenced input = Fenced.of(BROWSER + "GET ")) {
            int used = parser.parse(input.address(), input.length(), new RequestHead(100));
            assertEquals(BROWSER.length(), used);
        }
    }

    @Test
    void neverEchoesThePeer() {
        RequestHead head = new RequestHead(100);
        try (Fenced input = Fenced.of("GET /secret\u0001 HTTP/1.1\r\n\r\n")) {
            new RequestParser(LIMITS).parse(input.address(), input.length(), head);
        }
        Refusal refusal = Objects.requireNonNull(head.refusal());
        assertEquals(Refusal.TARGET_BYTE, refusal);
        assertFalse(refusal.reason().contains("secret"));
        head.reset();
        assertNull(head.refusal());
    }

    @Test
    void agreesWithItsNaiveTwinOnMutatedHeads() {
        long seed = Seed.next();
        Random random = new Random(seed);
        for (int round = 0; round < 30_000; round++) {
            String text = Mutation.of(random, BROWSER, NaiveParser.SAMPLES);
            NaiveParser naive = NaiveParser.parse(text);
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            RequestHead head = new RequestHead(LIMITS.headerCountMax());
            try (Fenced input = Fenced.of(bytes)) {
                int used = new RequestParser(LIMITS).parse(input.address(), bytes.length, head);
                String verdict = used < 0 ? "refused" : NaiveParser.describe(head);
                assertEquals(
                        naive.verdict(),
                        verdict,
                        () -> "seed " + seed + ":\n" + text + head.refusal());
            }
            int cut = random.nextInt(bytes.length + 1);
            assertEquals(
                    Conversation.play(bytes, LIMITS),
                    Conversation.play(bytes, LIMITS, cut),
                    () -> "seed " + seed + ", cut at " + cut + ":\n" + text);
        }
    }

    @Test
    void allocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        RequestParser parser = new RequestParser(LIMITS);
        RequestHead head = new RequestHead(LIMITS.headerCountMax());
        try (Fenced input = Fenced.of(BROWSER)) {
            Memory.unfence();
            long fewest = Long.MAX_VALUE;
            for (int run = 0; run < 4; run++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 100_000; i++) {
                    head.reset();
                    assertTrue(parser.parse(input.address(), input.length(), head) > 0);
                }
                fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertEquals(0, fewest);
        }
    }
}
