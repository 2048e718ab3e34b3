package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.standalone.doctor.TextStyle;

import org.junit.jupiter.api.Test;

import java.util.Map;

class TerminalTest {
    private static final Map<String, String> XTERM = Map.of("TERM", "xterm");

    @Test
    void colourNeedsATerminalThatHasItAndAPersonWhoWantsIt() {
        assertEquals(new TextStyle(true, true), new Terminal(true, XTERM, UTF_8).style());
        assertEquals(new TextStyle(false, true), new Terminal(false, XTERM, UTF_8).style());
        Map<String, String> declined = Map.of("TERM", "xterm", "NO_COLOR", "1");
        assertEquals(new TextStyle(false, true), new Terminal(true, declined, UTF_8).style());
        Map<String, String> empty = Map.of("TERM", "xterm", "NO_COLOR", "");
        assertEquals(new TextStyle(true, true), new Terminal(true, empty, UTF_8).style());
        Map<String, String> dumb = Map.of("TERM", "dumb");
        assertEquals(new TextStyle(false, true), new Terminal(true, dumb, UTF_8).style());
        assertEquals(new TextStyle(false, true), new Terminal(true, Map.of(), UTF_8).style());
    }

    @Test
    void signsBeyondAsciiNeedACharsetThatHasThem() {
        assertEquals(new TextStyle(true, false), new Terminal(true, XTERM, US_ASCII).style());
    }
}
