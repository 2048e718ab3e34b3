package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.RouteMatch.Outcome;
import dev.torc.http.h1.NaiveParser;
import dev.torc.http.h1.RequestParser;
import dev.torc.http.message.RequestHead;
import dev.torc.http.message.TargetForm;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A request's target on its whole way: parsed as a request line's, its path routed, its query
/// decoded; and the decoders on any bytes, since not all they are given has been parsed.
class TargetFuzzTest implements FuzzTarget {
    private static final List<String> METHODS = List.of("GET", "OPTIONS", "CONNECT", "BREW");
    private static final List<String> TEMPLATES =
            List.of(
                    "/",
                    "/a",
                    "/a/",
                    "/a/b",
                    "/a/{x}",
                    "/a/{x:int}",
                    "/a/{x:long}/c",
                    "/u/{x:uuid}",
                    "/{x}/b",
                    "/{x}/{y}/c",
                    "/static/{rest...}",
                    "/eight888/nine99999/{x}",
                    "/\u00e9",
                    "/a b/%");
    private static final int PARAMETERS_MAX = 8;

    private final RouteTree<String> tree = new RouteTree<>();
    private final NaiveRoutes routes = new NaiveRoutes();

    TargetFuzzTest() {
        for (String template : TEMPLATES) {
            tree.add(Method.GET, template, template);
            assertTrue(routes.add(template), template);
        }
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (String target :
                List.of(
                        "/",
                        "*",
                        "/a/b?c=d&e",
                        "/a/7/c?%41=+%2b&&=&x==y",
                        "/a/-2147483648",
                        "/a/9223372036854775807/c",
                        "/u/123e4567-e89b-12d3-a456-426614174000",
                        "http://host:80/a%2Fb?q",
                        "https://[::1]",
                        "host:443",
                        "[::1]:1",
                        "/static/%C3%A9/..%2f/x",
                        "/%c3%a9",
                        "/a%20b/%25",
                        "/eight888/nine99999/z",
                        "/static/\u00c3\u00a9",
                        "/a/%f0%9f%98%80/c",
                        "/%ED%A0%80",
                        "/a/%2D7")) {
            for (int method = 0; method < METHODS.size(); method++) {
                seeds.add(FuzzInput.seed(method, target));
            }
        }
        return seeds;
    }

    @Override
    public void check(byte[] bytes) {
        FuzzInput input = FuzzInput.of(bytes);
        byte[] text = input.text();
        parses(METHODS.get(input.choice() % METHODS.size()), input.string());
        decodes(text);
        scans(text, input.cut());
        parsesAQuery(text, 1 + input.choice() % PARAMETERS_MAX);
        if (text.length > 0 && text[0] == '/') routes(text);
    }

    private void parses(String method, String target) {
        String line = method + " " + target + " HTTP/1.1\r\n";
        if (target.indexOf('\n') >= 0) return; // another head; RequestParserFuzzTest's
        String text = line + "Host: a\r\n\r\n";
        String expected = NaiveParser.parse(text, HttpLimits.defaults()).verdict();
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        String found =
                NativeText.with(
                        bytes,
                        all -> {
                            RequestHead head = new RequestHead(1);
                            RequestParser parser = new RequestParser(HttpLimits.defaults());
                            int used = parser.parse(all.address(), all.length(), head);
                            if (used < 0) return "refused";
                            boolean routed = head.form() == TargetForm.ORIGIN;
                            if (routed) routes(head.path().getBytes(StandardCharsets.ISO_8859_1));
                            return NaiveParser.describe(head);
                        });
        assertEquals(expected, found);
    }

    /// The path's bytes routed as they are, and once they are a `String`, by the naive twin.
    private void routes(byte[] path) {
        String text = new String(path, StandardCharsets.UTF_8);
        boolean unicode = text.indexOf('\ufffd') < 0;
        String expected = unicode ? routes.match(text) : "MALFORMED";
        RouteMatch<String> match = new RouteMatch<>();
        String found =
                NativeText.with(
                        path,
                        all -> {
                            Outcome outcome = tree.match(all.address(), all.length(), match);
                            if (outcome != Outcome.FOUND) return outcome.toString();
                            List<@Nullable String> values = new ArrayList<>();
                            for (int i = 0; i < match.parameterCount(); i++) {
                                long value = all.address() + match.offset(i);
                                values.add(PercentDecoding.text(value, match.length(i)));
                            }
                            return Objects.requireNonNull(match.first()).target() + " " + values;
                        });
        if (unicode || decoded(path, false) == null) assertEquals(expected, found);
    }

    private static void decodes(byte[] text) {
        String expected = decoded(text, false);
        String expectedForm = decoded(text, true);
        NativeText.with(
                text,
                all -> {
                    assertEquals(expected, PercentDecoding.text(all.address(), all.length()));
                    String form = PercentDecoding.formText(all.address(), all.length());
                    assertEquals(expectedForm, form);
                    boolean ascii =
                            ascii(text)
                                    && new String(text, StandardCharsets.US_ASCII).indexOf('%') < 0;
                    PercentDecoding.Form is = PercentDecoding.form(all.address(), all.length());
                    assertEquals(ascii, is == PercentDecoding.Form.PLAIN);
                    assertEquals(expected == null, is == PercentDecoding.Form.MALFORMED);
                    assertEquals(
                            strictUtf8(text) != null, Utf8.isValid(all.address(), all.length()));
                    return all;
                });
        // The JDK's decoder replaces what is malformed; of the rest it must say the same.
        if (expectedForm == null || !ascii(text)) return;
        String raw = new String(text, StandardCharsets.US_ASCII);
        assertEquals(URLDecoder.decode(raw, StandardCharsets.UTF_8), expectedForm);
    }

    private static void scans(byte[] text, int start) {
        int slash = start;
        while (slash < text.length && text[slash] != '/') slash++;
        int encoded = start;
        while (encoded < text.length && text[encoded] >= 0 && text[encoded] != '%') encoded++;
        int word = encoded == text.length ? encoded : encoded - (encoded - start) % 8;
        int segmentEnd = slash;
        NativeText.with(
                text,
                all -> {
                    long at = all.address() + start;
                    long end = all.address() + all.length();
                    assertEquals(segmentEnd, PathBytes.segmentEnd(at, end) - all.address());
                    assertEquals(word, PathBytes.firstEncoded(at, end) - all.address());
                    return all;
                });
    }

    private static void parsesAQuery(byte[] text, int countMax) {
        Map<String, List<String>> expected = naiveQuery(text, countMax);
        QueryParameters found =
                NativeText.with(
                        text, all -> QueryParameters.parse(all.address(), all.length(), countMax));
        assertEquals(expected == null, found.problem() != null, () -> "problem: " + found);
        assertEquals(expected == null ? Map.of() : expected, found.toMap());
    }

    private static @Nullable Map<String, List<String>> naiveQuery(byte[] text, int countMax) {
        Map<String, List<String>> map = new LinkedHashMap<>();
        int count = 0;
        for (String part : new String(text, StandardCharsets.ISO_8859_1).split("&", -1)) {
            if (part.isEmpty()) continue;
            String[] sides = part.split("=", 2);
            String name = decoded(sides[0].getBytes(StandardCharsets.ISO_8859_1), true);
            String rest = sides.length == 1 ? "" : sides[1];
            String value = decoded(rest.getBytes(StandardCharsets.ISO_8859_1), true);
            if (name == null || value == null || ++count > countMax) return null;
            map.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
        }
        return map;
    }

    /// Decodes the slow way, null if it is malformed.
    private static @Nullable String decoded(byte[] text, boolean plusIsSpace) {
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        for (int i = 0; i < text.length; i++) {
            if (text[i] != '%') {
                decoded.write(text[i] == '+' && plusIsSpace ? ' ' : text[i]);
                continue;
            }
            boolean triplet =
                    i + 2 < text.length
                            && HexFormat.isHexDigit(text[i + 1])
                            && HexFormat.isHexDigit(text[i + 2]);
            if (!triplet) return null;
            decoded.write(
                    HexFormat.fromHexDigit(text[i + 1]) << 4 | HexFormat.fromHexDigit(text[i + 2]));
            i += 2;
        }
        return strictUtf8(decoded.toByteArray());
    }

    private static @Nullable String strictUtf8(byte[] bytes) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
        } catch (CharacterCodingException _) {
            return null;
        }
    }

    private static boolean ascii(byte[] text) {
        for (byte octet : text) {
            if (octet < 0) return false;
        }
        return true;
    }
}
