package dev.torc.standalone.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

class TextReportTest {
    private static final TextStyle PLAIN = new TextStyle(false, true);
    private static final Section LIMITS =
            Section.of(
                    "limits",
                    Finding.ok("nofile", "65536", "65536"),
                    Finding.ok("memlock", "8 MiB", "680 KiB"),
                    Finding.note("group", "-1", ""),
                    Finding.warning("somaxconn", "128", "4096", "sysctl -w x=4096"));
    private static final Section SHORT =
            Section.of("transport", Finding.shortfall("uring", "EPERM", "", "allow it"));

    private static String text(TextStyle style, Section... sections) {
        return new TextReport(new Report(List.of(sections)), "1.0", style).toString();
    }

    @Test
    void aFindingIsALineWithItsRemedyBeneath() {
        assertEquals(
                """

                Torc 1.0

                limits
                  ✓ nofile             65536
                  ✓ memlock            8 MiB (needed: 680 KiB)
                  · group              -1
                  ! somaxconn          128 (needed: 4096)
                                       → sysctl -w x=4096

                ✓ A server starts here as configured; 1 warning.

                """,
                text(PLAIN, LIMITS));
    }

    @Test
    void aShortfallIsTheVerdict() {
        String text = text(PLAIN, SHORT, LIMITS);
        assertTrue(text.contains("  ✗ uring              EPERM\n"), text);
        assertTrue(
                text.endsWith("\n✗ A server does not start here as configured; 1 warning.\n\n"),
                text);
    }

    @Test
    void manyShortFindingsStandInColumns() {
        List<Finding> many =
                IntStream.range(0, 63)
                        .mapToObj(
                                i ->
                                        i % 9 == 0
                                                ? Finding.note("OPERATION" + i, "missing", "")
                                                : Finding.ok("OPERATION" + i, "supported", ""))
                        .toList();
        String text = text(PLAIN, new Section("operations", true, many));
        assertTrue(text.contains("\noperations: 56 of 63\n  · OPERATION0   ✓ OPERATION1 "), text);
        text.lines().forEach(line -> assertTrue(line.length() <= 100, line));
        assertTrue(text.lines().noneMatch(line -> line.endsWith(" ")), text);
        assertEquals(63, text.split("OPERATION", -1).length - 1);
        assertTrue(text.contains("\n✓ A server starts here as configured.\n"), text);
    }

    @Test
    void colourIsOnlyWhereAsked() {
        assertFalse(text(PLAIN, SHORT, LIMITS).contains("\u001b"));
        String colored = text(new TextStyle(true, true), SHORT, LIMITS);
        assertTrue(colored.contains("\u001b[31m✗\u001b[0m uring"), colored);
        assertTrue(colored.contains("\u001b[33m!\u001b[0m somaxconn"), colored);
    }

    @Test
    void whereThereIsOnlyAsciiItIsAscii() {
        String text = text(new TextStyle(false, false), SHORT, LIMITS);
        assertTrue(StandardCharsets.US_ASCII.newEncoder().canEncode(text), text);
        assertTrue(text.contains("  x uring"), text);
        assertTrue(text.contains("  + nofile"), text);
        assertTrue(text.contains("-> allow it"), text);
    }
}
