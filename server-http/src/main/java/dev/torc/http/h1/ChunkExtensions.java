package dev.torc.http.h1;

import dev.torc.core.memory.Memory;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.Refusal;

/// The rest of a chunk line behind its size (RFC 9112 section 7.1.1): `*( BWS ";" BWS name [ BWS
/// "=" BWS ( token / quoted-string ) ] ) CRLF`.
///
/// No extension means anything to Torc, but each is checked to the last byte: where parsers
/// disagreed about one, requests were smuggled (CVE-2025-22871, CVE-2026-24880).
final class ChunkExtensions {
    private ChunkExtensions() {}

    /// Returns the offset behind the CRLF, [RequestParser#PARTIAL], or a refusal's code.
    static int parse(long base, int offset, int limit) {
        long at = base + offset;
        long end = base + limit;
        while (true) {
            long semicolon = Ascii.skipWhitespace(at, end);
            if (semicolon == end) return RequestParser.PARTIAL;
            if (Memory.getByte(semicolon) != ';') {
                // whitespace belongs to the semicolon behind it; none may end the line
                if (semicolon > at) return Refusal.CHUNK_EXTENSION.code();
                int next = lineEnd(at, end);
                return next < 0 ? next : (int) (at - base) + next;
            }
            long name = Ascii.skipWhitespace(semicolon + 1, end);
            long nameEnd = Ascii.tokenEnd(name, end);
            if (nameEnd == end) return RequestParser.PARTIAL;
            if (nameEnd == name) return Refusal.CHUNK_EXTENSION.code();
            int value = value(nameEnd, end);
            if (value < 0) return value;
            at = nameEnd + value;
        }
    }

    /// The length of the CRLF.
    private static int lineEnd(long at, long end) {
        if (Memory.getByte(at) != '\r') return Refusal.CHUNK_EXTENSION.code();
        if (at + 1 == end) return RequestParser.PARTIAL;
        return Memory.getByte(at + 1) == '\n' ? 2 : Refusal.BARE_CR.code();
    }

    /// The length of the value with everything before it, or 0 if there is none.
    private static int value(long nameEnd, long end) {
        long equals = Ascii.skipWhitespace(nameEnd, end);
        if (equals == end) return RequestParser.PARTIAL;
        if (Memory.getByte(equals) != '=') return 0;
        long value = Ascii.skipWhitespace(equals + 1, end);
        if (value == end) return RequestParser.PARTIAL;
        if (Memory.getByte(value) == '"') return quoted(nameEnd, value + 1, end);
        long valueEnd = Ascii.tokenEnd(value, end);
        if (valueEnd == end) return RequestParser.PARTIAL;
        return valueEnd == value ? Refusal.CHUNK_EXTENSION.code() : (int) (valueEnd - nameEnd);
    }

    /// RFC 9110 section 5.6.4: up to the closing quote that no backslash precedes.
    private static int quoted(long nameEnd, long at, long end) {
        boolean escaped = false;
        for (; at < end; at++) {
            byte octet = Memory.getByte(at);
            if (!Ascii.isText(octet)) return Refusal.CHUNK_EXTENSION.code();
            if (octet == '"' && !escaped) return (int) (at + 1 - nameEnd);
            escaped = octet == '\\' && !escaped;
        }
        return RequestParser.PARTIAL;
    }
}
