package dev.torc.http.h1;

import static dev.torc.http.h1.Heads.accepted;
import static dev.torc.http.h1.Heads.acceptedField;
import static dev.torc.http.h1.Heads.refused;
import static dev.torc.http.h1.Heads.refusedField;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.http.message.Fenced;
import dev.torc.http.message.RequestHead;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

class FieldSectionTest {
    @Test
    void rejectsSpaceBeforeColon() {
        refusedField(400, "X-A : b");
        refusedField(400, "X-A\t: b");
    }

    @Test
    void rejectsFoldedLines() {
        refusedField(400, "X-A: b\r\n c");
        refusedField(400, "X-A: b\r\n\tc");
        refusedField(400, " X-A: b");
        refused(400, "GET / HTTP/1.1\r\n Host: a\r\n\r\n");
    }

    @Test
    void rejectsNamesThatAreNoTokens() {
        for (String name :
                List.of(
                        "", "X A", "X(A", "X/A", "X[", "X\u00e9", "X\u0000", "X\u007f", "X\"",
                        "X,")) {
            refusedField(400, name + ": b");
        }
        refusedField(400, "no colon");
        refusedField(400, "no-colon");
    }

    @Test
    void rejectsControlCharactersInValues() {
        for (int octet = 0; octet < 256; octet++) {
            String field = "X-A: longer than a word " + (char) octet + " and more";
            boolean allowed = octet == '\t' || (octet >= ' ' && octet != 0x7f);
            if (allowed) acceptedField(field);
            else refusedField(400, field);
        }
    }

    @Test
    void rejectsLineEndsOtherThanCrlf() {
        refused(400, "GET / HTTP/1.1\nHost: a\r\n\r\n");
        refused(400, "GET / HTTP/1.1\rHost: a\r\n\r\n");
        refused(400, "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n");
        refused(400, "GET / HTTP/1.1\r\nHost: a\n\r\n");
        refused(400, "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n");
        refused(400, "GET / HTTP/1.1\r\nHost: a\r\n\n");
        refused(400, "GET / HTTP/1.1\r\nHost: a\r\n\rX: y\r\n\r\n");
    }

    @Test
    void trimsWhitespaceAroundValues() {
        String text =
                "GET / HTTP/1.1\r\nHost: \t a \t\r\nA:\r\nB: \t \r\nC:c\r\nD: d \t e\t\r\n\r\n";
        RequestHead head = accepted(text);
        try (Fenced moved = Fenced.of(text)) {
            head.moveTo(moved.address());
            List<String> values = IntStream.range(0, 5).mapToObj(head.fields()::value).toList();
            assertEquals(List.of("a", "", "", "c", "d \t e"), values);
        }
    }
}
