package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

class StatusTest {
    @Test
    void encodesItsLine() {
        assertEquals("HTTP/1.1 200 OK\r\n", line(Status.OK));
        assertEquals("HTTP/1.1 404 Not Found\r\n", line(Status.NOT_FOUND));
    }

    @Test
    void keepsTheSpaceBeforeAnEmptyReason() {
        assertEquals("HTTP/1.1 299 \r\n", line(Status.of(299)));
        assertEquals("", Status.of(299).reason());
        assertEquals("299", Status.of(299).toString());
    }

    @Test
    void hasOneInstanceForEachCode() {
        assertSame(Status.OK, Status.of(200));
        assertSame(Status.NETWORK_AUTHENTICATION_REQUIRED, Status.of(511));
        for (int code = 100; code <= 599; code++) {
            assertEquals(code, Status.of(code).code());
            assertSame(Status.of(code), Status.of(code));
        }
    }

    @Test
    void refusesCodesOutOfRange() {
        for (int code : List.of(-1, 0, 99, 600, 1000)) {
            IllegalArgumentException refusal =
                    assertThrows(IllegalArgumentException.class, () -> Status.of(code));
            assertEquals("status code must be from 100 to 599: code=" + code, refusal.getMessage());
        }
    }

    @Test
    void tellsWhatHasNoContent() {
        for (int code : List.of(100, 101, 103, 199, 204, 205, 304)) {
            assertFalse(Status.of(code).hasContent(), "code=" + code);
        }
        for (int code : List.of(200, 206, 303, 404, 500)) {
            assertTrue(Status.of(code).hasContent(), "code=" + code);
        }
        assertTrue(Status.EARLY_HINTS.isInformational());
        assertFalse(Status.OK.isInformational());
    }

    @Test
    void readsAsCodeAndReason() {
        assertEquals("431 Request Header Fields Too Large", Status.of(431).toString());
    }

    private static String line(Status status) {
        return new String(status.line(), StandardCharsets.US_ASCII);
    }
}
