package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.torc.http.h1.NaiveParser;
import dev.torc.http.h1.RequestParser;
import dev.torc.http.message.FieldLines;
import dev.torc.http.message.RequestHead;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The values of fields: what those that the protocol obeys say, the ones that the application
/// reads (`Content-Type`, `Accept`, dates), and those that it writes.
class FieldValueFuzzTest implements FuzzTarget {
    private static final List<String> CONTROL =
            List.of("Host", "Content-Length", "Transfer-Encoding", "Connection", "Expect", "X-Any");
    private static final List<String> ESSENCES = List.of("application/json", "text/html");
    private static final long NOW = 1_795_251_600; // 2026-11-21T09:00:00Z

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        List<String> values =
                List.of(
                        "example.com:80",
                        "[::1]:8080",
                        "5",
                        "9223372036854775807",
                        "chunked",
                        "Chunked, chunked",
                        "gzip",
                        "close, ,keep-alive",
                        "100-continue",
                        "",
                        "text/html;charset=utf-8",
                        "multipart/form-data; boundary=\"a\\\"b\";c=d",
                        "a/b;c=\"\u00e9\"",
                        "a/b ; ;c=d; ",
                        "text/html, application/*;q=0.8, */*;q=0",
                        "application/json;v=\"a,b;q=0\";Q=0.000",
                        "Sun, 06 Nov 1994 08:49:37 GMT",
                        "Sunday, 06-Nov-94 08:49:37 GMT",
                        "Sun Nov  6 08:49:37 1994",
                        "Sat, 31 Dec 2016 23:59:60 GMT",
                        "Thursday, 29-Feb-24 00:00:00 GMT",
                        "Tue Feb 29 24:00:00 2000",
                        "name\u0000value",
                        "caf\u00c3\u00a9 \u00c4\u0080");
        for (String value : values) {
            for (int choice = 0; choice < CONTROL.size(); choice++) {
                seeds.add(FuzzInput.seed(choice, value));
            }
        }
        return seeds;
    }

    @Override
    public void check(byte[] bytes) {
        FuzzInput input = FuzzInput.of(bytes);
        String text = input.string();
        control(CONTROL.get(input.choice() % CONTROL.size()), text);
        mediaType(text);
        accept(text);
        assertEquals(NaiveValues.date(text, NOW), HttpDate.parse(text, NOW), "date");
        written(new String(input.text(), StandardCharsets.UTF_8), input.cuts());
    }

    /// A value in a head, between a line before and a line behind it.
    private static void control(String name, String value) {
        String host = name.equals("Host") ? "" : "Host: a\r\n";
        String text = "POST / HTTP/1.1\r\n" + host + name + ":" + value + "\r\nX: y\r\n\r\n";
        String expected = NaiveParser.parse(text, HttpLimits.defaults()).verdict();
        String found =
                NativeText.with(
                        text.getBytes(StandardCharsets.ISO_8859_1),
                        all -> {
                            RequestHead head = new RequestHead(100);
                            RequestParser parser = new RequestParser(HttpLimits.defaults());
                            int used = parser.parse(all.address(), all.length(), head);
                            return used < 0 ? "refused" : NaiveParser.describe(head);
                        });
        assertEquals(expected, found);
    }

    private static void mediaType(String text) {
        NaiveValues.@Nullable Media expected = NaiveValues.mediaType(text);
        MediaType found = MediaType.parse(text);
        assertEquals(expected == null, found == null, "is a media type");
        if (expected == null || found == null) return;
        assertEquals(expected.essence(), found.essence());
        assertEquals(text, found.toString());
        for (String name : expected.parameters().keySet()) {
            assertEquals(expected.parameters().get(name), found.parameter(name), name);
            assertNotNull(found.parameter(name.toUpperCase(Locale.ROOT)), name);
        }
        assertEquals(expected.parameters().get("absent"), found.parameter("absent"));
    }

    private static void accept(String text) {
        for (String essence : ESSENCES) {
            boolean expected = NaiveValues.accepts(text, essence);
            assertEquals(expected, Accept.allows(text, essence), essence);
        }
    }

    /// A line that the application adds is refused, or read by the parser as it was meant.
    private static void written(String text, int cuts) {
        int cut = cuts % (text.length() + 1);
        String name = text.substring(0, cut);
        String value = text.substring(cut);
        FieldLines lines = new FieldLines(16);
        if (!NaiveValues.isToken(name) || !NaiveValues.isFieldText(value)) {
            assertThrows(IllegalArgumentException.class, () -> lines.add(name, value));
            assertEquals(0, lines.length());
            return;
        }
        lines.add(name, value);
        byte[] bytes = Arrays.copyOf(lines.bytes(), lines.length());
        String expected = name + ": " + value + "\r\n";
        assertEquals(expected, new String(bytes, StandardCharsets.ISO_8859_1));
    }
}
