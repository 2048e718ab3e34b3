package dev.torc.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.http.HttpLimits;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.Fenced;
import dev.torc.http.message.RequestHead;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/// What the tests of the parser's parts say about whole heads.
final class Heads {
    static final HttpLimits LIMITS = HttpLimits.defaults();

    private Heads() {}

    static RequestHead acceptedField(String field) {
        return accepted("POST / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n");
    }

    static void refusedField(int status, String field) {
        refused(status, "POST / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n");
    }

    static RequestHead accepted(String text) {
        RequestHead head = new RequestHead(LIMITS.headerCountMax());
        try (Fenced input = Fenced.of(text)) {
            int used = new RequestParser(LIMITS).parse(input.address(), input.length(), head);
            assertEquals(text.length(), used, () -> text + head.refusal());
        }
        return head;
    }

    static void refused(int status, String text) {
        assertEquals(status, status(LIMITS, text), text);
    }

    /// The status of a refusal, or 0; the same however the text is split.
    static int status(HttpLimits limits, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int status = Conversation.play(bytes, limits).status();
        int[] everywhere = IntStream.range(1, bytes.length).toArray();
        assertEquals(status, Conversation.play(bytes, limits, everywhere).status(), text);
        return status;
    }

    static String host(RequestHead head) {
        return range(head, head.hostStart(), head.hostStart() + head.hostLength());
    }

    static String range(RequestHead head, int start, int end) {
        return Ascii.text(head.address() + start, end - start);
    }
}
