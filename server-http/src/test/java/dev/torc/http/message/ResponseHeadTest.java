package dev.torc.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.MediaType;
import dev.torc.http.Status;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class ResponseHeadTest {
    private final ResponseHead head = new ResponseHead();

    private String fields() {
        return new String(head.fields(), 0, head.fieldsLength(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void encodesFieldsAsTheyAreAdded() {
        head.add("X-One", "1");
        head.add("x-two", "a\tb \u00e4\u00ff");
        head.add("Empty", "");
        assertEquals("X-One: 1\r\nx-two: a\tb \u00e4\u00ff\r\nEmpty: \r\n", fields());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length",
                "content-length",
                "Transfer-Encoding",
                "TRANSFER-ENCODING",
                "Trailer"
            })
    void leavesFramingToTheServer(String name) {
        assertThrows(IllegalArgumentException.class, () -> head.add(name, "1"));
        assertEquals("", fields());
    }

    @Test
    void takesOnlyCloseForConnection() {
        assertFalse(head.closes());
        assertThrows(IllegalArgumentException.class, () -> head.add("Connection", "keep-alive"));
        assertFalse(head.closes());
        head.add("connection", "Close");
        assertTrue(head.closes());
        assertEquals("", fields());
    }

    @Test
    void notesTheFieldsThatItWouldOtherwiseWriteItself() {
        head.add("Date", "Thu, 01 Jan 1970 00:00:00 GMT");
        head.add("server", "another");
        assertTrue(head.hasDate());
        assertTrue(head.hasServer());
        assertEquals("Date: Thu, 01 Jan 1970 00:00:00 GMT\r\nserver: another\r\n", fields());
    }

    @Test
    void aFieldThatIsRefusedLeavesNoTrace() {
        assertThrows(IllegalArgumentException.class, () -> head.add("Date", "now\r\n"));
        assertThrows(IllegalArgumentException.class, () -> head.add("Server", "\0"));
        assertThrows(IllegalArgumentException.class, () -> head.add("Connection", "close\r\n"));
        assertThrows(IllegalArgumentException.class, () -> head.add("Content-Type", "a/b\r\n"));
        assertEquals("", fields());
        assertNull(head.contentType());
        assertFalse(head.closes() || head.hasDate() || head.hasServer());
    }

    @Test
    void keepsTheContentTypeApart() {
        head.add("Content-Type", "text/html;charset=utf-8");
        assertEquals("", fields());
        MediaType type = head.contentType();
        assertTrue(type != null && type.toString().startsWith("text/html"));
        assertThrows(IllegalArgumentException.class, () -> head.add("Content-Type", "no type"));
    }

    @Test
    void forgetsEverythingAtAReset() {
        head.status(Status.NOT_FOUND);
        head.contentType(MediaType.TEXT_PLAIN);
        head.contentLength(5);
        head.add("Connection", "close");
        head.add("Date", "now");
        head.add("Server", "x");
        head.reset();
        assertSame(Status.OK, head.status());
        assertNull(head.contentType());
        assertEquals(ResponseHead.LENGTH_UNKNOWN, head.contentLength());
        assertEquals(0, head.fieldsLength());
        assertFalse(head.closes() || head.hasDate() || head.hasServer());
    }
}
