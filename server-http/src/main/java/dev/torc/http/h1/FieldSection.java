package dev.torc.http.h1;

import dev.torc.core.memory.Memory;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.Fields;
import dev.torc.http.message.Keyword;
import dev.torc.http.message.Refusal;
import dev.torc.http.message.RequestHead;

import org.jspecify.annotations.Nullable;

/// Parses a section of field lines up to the empty line that ends it, of a head and of a chunked
/// body alike (RFC 9112 section 5): `field-name ":" OWS field-value OWS CRLF`, and nothing that
/// merely looks like it.
final class FieldSection {
    static final short CRLF = '\r' | '\n' << 8;

    private FieldSection() {}

    /// Appends the lines from [Fields#position()] on to `fields`, which refer to `base`. Those of a
    /// head are obeyed; without a head this is a trailer section.
    ///
    /// One method on purpose: longer than 325 bytecodes, C2 compiles it on its own. Inlined behind
    /// the request line it can exceed C2's node budget; then the loads in the scans become calls,
    /// and a head takes twice the time (measured in one run of the JVM out of 15).
    ///
    /// @return the offset behind the section, [RequestParser#PARTIAL], or a refusal's code
    static int parse(long base, int limit, Fields fields, @Nullable RequestHead head) {
        long line = base + fields.position();
        long end = base + limit;
        while (line < end && Memory.getByte(line) != '\r') {
            if (fields.isFull()) return Refusal.HEADERS_TOO_MANY.code();
            // Found from the start of the line, not from the colon: so a processor that executes
            // out of order is on the next line before it knows where the name of this one ends.
            long lineEnd = Ascii.textEnd(line, end);
            long colon = Ascii.tokenEnd(line, end);
            if (end - lineEnd < 2 || Memory.getShort(lineEnd) != CRLF) {
                fields.position((int) (line - base));
                return withoutCrlf(line, colon, lineEnd, end);
            }
            if (colon == line || Memory.getByte(colon) != ':') return withoutColon(line, colon);

            long value = colon + 1;
            long valueEnd = lineEnd;
            if (Memory.getByte(value) == ' ') value++; // nearly always the only whitespace there is
            if (Memory.getByte(value) <= ' ') value = Ascii.skipWhitespace(value, lineEnd);
            if (Memory.getByte(lineEnd - 1) <= ' ') valueEnd = Ascii.trimWhitespace(value, lineEnd);
            int nameLength = (int) (colon - line);
            fields.add(
                    (int) (line - base),
                    nameLength,
                    (int) (value - base),
                    (int) (valueEnd - value));
            Keyword control = ControlFields.named(nameLength);
            if (control != null && control.matches(line, nameLength)) {
                int wrong = ControlFields.apply(control, fields, head);
                if (wrong != ControlFields.OK) return wrong;
            }
            line = lineEnd + 2;
        }
        fields.position((int) (line - base));
        if (end - line < 2) return RequestParser.PARTIAL;
        return Memory.getByte(line + 1) == '\n' ? (int) (line + 2 - base) : Refusal.BARE_CR.code();
    }

    /// The name is judged first, whether or not the rest of the line is there.
    private static int withoutCrlf(long line, long colon, long lineEnd, long end) {
        if (colon == end) return RequestParser.PARTIAL;
        if (colon == line || Memory.getByte(colon) != ':') return withoutColon(line, colon);
        if (lineEnd == end) return RequestParser.PARTIAL;
        // RFC 9110 section 5.5: no control characters; RFC 9112 section 2.2: no bare LF
        if (Memory.getByte(lineEnd) != '\r') return Refusal.FIELD_VALUE.code();
        if (lineEnd + 1 == end) return RequestParser.PARTIAL;
        return Refusal.BARE_CR.code(); // RFC 9112 section 2.2
    }

    private static int withoutColon(long line, long nameEnd) {
        byte octet = Memory.getByte(nameEnd);
        if (Ascii.isWhitespace(octet)) {
            // RFC 9112 section 5.2: no obs-fold; section 2.2: no whitespace before the first field;
            // section 5.1: none between name and colon
            return nameEnd == line ? Refusal.FIELD_FOLDED.code() : Refusal.FIELD_COLON.code();
        }
        boolean lineEnds = octet == '\r' || octet == '\n';
        return lineEnds && nameEnd > line ? Refusal.FIELD_COLON.code() : Refusal.FIELD_NAME.code();
    }
}
