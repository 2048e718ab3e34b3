package dev.torc.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;

import dev.torc.core.memory.Memory;
import dev.torc.http.HttpLimits;
import dev.torc.http.h1.Conversation.Outcome;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.Fenced;
import dev.torc.http.message.Refusal;
import dev.torc.http.message.RequestHead;
import dev.torc.testkit.Seed;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

class BodyDecoderTest {
    private static final HttpLimits LIMITS =
            HttpLimits.defaults()
                    .withBodyBytesMax(100)
                    .withChunkExtensionBytesMax(20)
                    .withTrailerBytesMax(40)
                    .withHeaderCountMax(3);

    @Test
    void isDoneAtOnceWithoutABody() {
        BodyDecoder decoder = new BodyDecoder(LIMITS);
        RequestHead head = new RequestHead(3);
        decoder.begin(head);
        assertTrue(decoder.isDone());
        head.contentLength(0);
        decoder.begin(head);
        assertTrue(decoder.isDone());
        assertEquals(0, decoder.decode(0, 0));
    }

    @Test
    void handsOutTheBytesOfAContentLength() {
        BodyDecoder decoder = new BodyDecoder(LIMITS);
        RequestHead head = new RequestHead(3);
        head.contentLength(5);
        decoder.begin(head);
        try (Fenced input = Fenced.of("helloGET ")) {
            assertEquals(2, decoder.decode(input.address(), 2));
            assertEquals(2, decoder.dataLength());
            assertFalse(decoder.isDone());
            assertEquals(3, decoder.decode(input.address() + 2, 7));
            assertEquals(0, decoder.dataStart());
            assertEquals(3, decoder.dataLength());
            assertTrue(decoder.isDone());
            assertEquals(0, decoder.decode(input.address() + 5, 4));
            assertEquals(0, decoder.dataLength());
        }
    }

    @Test
    void refusesAnAnnouncedBodyThatIsTooLargeAtOnce() {
        BodyDecoder decoder = new BodyDecoder(LIMITS);
        RequestHead head = new RequestHead(3);
        head.contentLength(101);
        decoder.begin(head);
        assertEquals(Refusal.BODY_TOO_LARGE, decoder.refusal());
        head.contentLength(100);
        decoder.begin(head);
        assertNull(decoder.refusal());
    }

    @Test
    void joinsChunks() {
        body("", "0\r\n\r\n");
        body("hello", "5\r\nhello\r\n0\r\n\r\n");
        body("hello world!", "5\r\nhello\r\n1\r\n \r\n06\r\nworld!\r\n000\r\n\r\n");
        body("0123456789abcdef", "a\r\n0123456789\r\n6\r\nabcdef\r\n0\r\n\r\n");
        body("\r\n0\r\n\r\n", "7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n");
    }

    @Test
    void refusesChunkSizesThatAreNotHexadecimal() {
        for (String size :
                List.of(
                        "", "x5", "5h", "-5", "+5", "0x5", "5.0", " 5", "5 ", "5 5", "\u00b25",
                        "5\u0000", "5_")) {
            chunked(400, size + "\r\nhello\r\n0\r\n\r\n");
        }
    }

    @Test
    void refusesChunkSizesThatOverflowOrExceedTheLimit() {
        body("x".repeat(100), "64\r\n" + "x".repeat(100) + "\r\n0\r\n\r\n");
        chunked(413, "65\r\n");
        chunked(413, "63\r\n" + "x".repeat(99) + "\r\n2\r\n");
        chunked(413, "fffffffffffffff\r\n");
        chunked(400, "ffffffffffffffff\r\n");
        chunked(400, "10000000000000005\r\nhello\r\n0\r\n\r\n");
        chunked(400, "0000000000000005\r\nhello\r\n0\r\n\r\n");
    }

    @Test
    void demandsCrlfEverywhere() {
        chunked(400, "5\nhello\r\n0\r\n\r\n");
        chunked(400, "5\r\r\nhello\r\n0\r\n\r\n");
        chunked(400, "5\rhello\r\n0\r\n\r\n");
        chunked(400, "5\r\nhello\n0\r\n\r\n");
        chunked(400, "5\r\nhello\r_0\r\n\r\n");
        chunked(400, "5\r\nhello0\r\n\r\n");
        chunked(400, "5\r\nhelloXX0\r\n\r\n");
        chunked(400, "5\r\nhello\r\n0\r\n\n");
        chunked(400, "5\r\nhello\r\n0\r\n\rX");
    }

    @Test
    void parsesChunkExtensionsStrictly() {
        for (String extension :
                List.of(
                        ";a",
                        ";a=b",
                        " ; a = b",
                        ";a;b;c=d",
                        ";a=\"x;y\\\"z\"",
                        ";a=\"\"",
                        "\t;a=\"\\\\\"",
                        ";a=\"\u00e9\t \"")) {
            body("hello", "5" + extension + "\r\nhello\r\n0;l\r\n\r\n");
        }
        for (String extension :
                List.of(
                        ";",
                        ";;a",
                        "; ",
                        ";a ",
                        ";a=",
                        ";a= ",
                        ";=b",
                        ";a b",
                        ";a=b c",
                        ";a=\"x",
                        ";a=\"x\"y",
                        ";a[=x",
                        ";a\n",
                        ";a\u0000",
                        ";a=\"\u0001\"",
                        ";a=\"\r\n\"",
                        ";a=\"\\\r\n\"",
                        " a",
                        ";a\rb",
                        ";\u00e9")) {
            chunked(400, "5" + extension + "\r\nhello\r\n0\r\n\r\n");
        }
    }

    @Test
    void boundsTheExtensionsOfAllChunksTogether() {
        body("hello", "5;" + "a".repeat(19) + "\r\nhello\r\n0\r\n\r\n");
        chunked(400, "5;" + "a".repeat(20) + "\r\nhello\r\n0\r\n\r\n");
        chunked(400, "5;" + "a".repeat(21));
        body("ab", "1;aaaaaaaaa\r\na\r\n1;aaaaaaaaa\r\nb\r\n0\r\n\r\n");
        chunked(400, "1;aaaaaaaaa\r\na\r\n1;aaaaaaaaa\r\nb\r\n0;\r\n\r\n");
    }

    @Test
    void keepsTrailersApart() {
        BodyDecoder decoder = new BodyDecoder(LIMITS);
        RequestHead head = new RequestHead(3);
        head.chunked();
        decoder.begin(head);
        try (Fenced input = Fenced.of("0\r\nX-T: v\r\nY:\r\n\r\nGET")) {
            assertEquals(input.length() - 3, decoder.decode(input.address(), input.length()));
            assertTrue(decoder.isDone());
            assertEquals(2, decoder.trailers().count());
            assertEquals(
                    "v", decoder.trailers().value(decoder.trailers().find(Ascii.bytes("x-t"))));
        }
        decoder.begin(head);
        assertEquals(0, decoder.trailers().count());
    }

    @Test
    void parsesTrailersByTheRulesOfHeaders() {
        body("", "0\r\na: b\r\nc:d\r\n\r\n");
        for (String trailer :
                List.of(
                        "junk",
                        "X-T : v",
                        " X: v",
                        "X: v\r\n w",
                        "X@: v",
                        "X: \u0001",
                        "X: v\n",
                        ": v",
                        "X\rT: v")) {
            chunked(400, "0\r\n" + trailer + "\r\n\r\n");
        }
        for (String name : List.of("Content-Length", "Transfer-Encoding", "HOST")) {
            chunked(400, "0\r\n" + name + ": 1\r\n\r\n");
        }
    }

    @Test
    void boundsTrailers() {
        body("", "0\r\nX: " + "v".repeat(33) + "\r\n\r\n");
        chunked(431, "0\r\nX: " + "v".repeat(34) + "\r\n\r\n");
        chunked(431, "0\r\nX: " + "v".repeat(60));
        body("", "0\r\na:\r\nb:\r\nc:\r\n\r\n");
        chunked(431, "0\r\na:\r\nb:\r\nc:\r\nd:\r\n\r\n");
    }

    @Test
    void agreesWithItsNaiveTwinOnMutatedBodies() {
        long seed = Seed.next();
        Random random = new Random(seed);
        HttpLimits limits = HttpLimits.defaults();
        for (int round = 0; round < 30_000; round++) {
            String text =
                    Mutation.of(
                            random,
                            "5\r\nhello\r\n0\r\n\r\n",
                            "5;a=\"x\\\"y\";b\r\nhello\r\n1 ;c = d\r\n!\r\n0\r\nX: y\r\n\r\n",
                            "00a\r\n0123456789\r\n1\r\nx\r\n1\r\ny\r\n0;e\r\n\r\n");
            byte[] bytes =
                    ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + text)
                            .getBytes(StandardCharsets.ISO_8859_1);
            Outcome whole = Conversation.play(bytes, limits);
            String expected = naive(text);
            String actual = whole.bodies().isEmpty() ? null : whole.bodies().getFirst();
            assertEquals(expected, actual, () -> "seed " + seed + ":\n" + text + "\n" + whole);
            int cut = random.nextInt(bytes.length + 1);
            assertEquals(
                    whole,
                    Conversation.play(bytes, limits, cut),
                    () -> "seed " + seed + ", cut " + cut + ":\n" + text);
        }
    }

    @Test
    void allocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        BodyDecoder decoder = new BodyDecoder(LIMITS);
        RequestHead head = new RequestHead(3);
        head.chunked();
        try (Fenced input = Fenced.of("5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nX: y\r\n\r\n")) {
            Memory.unfence();
            long fewest = Long.MAX_VALUE;
            for (int run = 0; run < 4; run++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 100_000; i++) {
                    decoder.begin(head);
                    int used = 0;
                    while (!decoder.isDone()) {
                        used += decoder.decode(input.address() + used, input.length() - used);
                    }
                    assertEquals(input.length(), used);
                }
                fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertEquals(0, fewest);
        }
    }

    private static final String TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
    private static final String QUOTED =
            "\"(?:[\t !#-\\[\\]-~\u0080-\u00ff]|\\\\[\t -~\u0080-\u00ff])*\"";
    private static final Pattern CHUNK_LINE =
            Pattern.compile(
                    "([0-9A-Fa-f]{1,15})(?:[ \t]*;[ \t]*"
                            + TOKEN
                            + "(?:[ \t]*=[ \t]*(?:"
                            + TOKEN
                            + "|"
                            + QUOTED
                            + "))?)*\r\n");
    private static final Pattern TRAILERS =
            Pattern.compile("(?:" + TOKEN + ":[\t -~\u0080-\u00ff]*\r\n)*\r\n");

    /// The body, or null if it is malformed, too large or incomplete.
    private static @Nullable String naive(String text) {
        StringBuilder body = new StringBuilder();
        Matcher line = CHUNK_LINE.matcher(text);
        int at = 0;
        while (line.region(at, text.length()).lookingAt()) {
            long size = Long.parseLong(line.group(1), 16);
            at = line.end();
            if (size == 0) {
                boolean trailers = TRAILERS.matcher(text).region(at, text.length()).lookingAt();
                return trailers ? body.toString() : null;
            }
            if (size > text.length() - at || !text.startsWith("\r\n", at + (int) size)) return null;
            body.append(text, at, at + (int) size);
            at += (int) size + 2;
        }
        return null;
    }

    private static void body(String expected, String text) {
        Outcome outcome = play(text);
        assertEquals(0, outcome.status(), text);
        assertEquals(List.of(expected), outcome.bodies(), text);
    }

    private static void chunked(int status, String text) {
        assertEquals(status, play(text).status(), text);
    }

    /// Plays `text` as a chunked body, whole and byte by byte.
    private static Outcome play(String text) {
        byte[] bytes =
                ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + text)
                        .getBytes(StandardCharsets.ISO_8859_1);
        Outcome whole = Conversation.play(bytes, LIMITS);
        int[] everywhere = IntStream.range(1, bytes.length).toArray();
        assertEquals(whole, Conversation.play(bytes, LIMITS, everywhere), text);
        return whole;
    }
}
