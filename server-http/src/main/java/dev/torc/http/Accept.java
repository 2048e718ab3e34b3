package dev.torc.http;

import org.jspecify.annotations.Nullable;

/// What the `Accept` of a request says of one media type (RFC 9110 section 12.5.1). The most
/// specific range that covers the type decides; its parameters are not looked at, but for a quality
/// of 0, which excludes. A range that is malformed is passed over. One pass over the text, of which
/// nothing is copied.
final class Accept {
    private static final int NONE = 0;
    private static final int ANY = 1;
    private static final int ANY_SUBTYPE = 2;
    private static final int EXACT = 3;

    private Accept() {}

    /// Whether `accept` lets `essence` through, which is in lower case; null lets through anything,
    /// as does a text without a range.
    static boolean allows(@Nullable String accept, String essence) {
        if (accept == null) return true;
        boolean ranges = false;
        boolean allowed = false;
        int decidedBy = NONE;
        int next = 0;
        for (int start = 0; start < accept.length(); start = next) {
            int end = end(accept, start, accept.length(), ',');
            next = end + 1;
            int semicolon = accept.indexOf(';', start, end);
            int rangeEnd = semicolon < 0 ? end : semicolon;
            int from = spaceEnd(accept, start, rangeEnd);
            int to = spaceStart(accept, from, rangeEnd);
            if (accept.indexOf('/', from, to) <= from) continue;
            ranges = true;
            int covers = covers(accept, from, to, essence);
            boolean nonzero = semicolon < 0 || !isExcluded(accept, semicolon, end);
            if (covers > decidedBy) {
                decidedBy = covers;
                allowed = nonzero;
            } else if (covers == decidedBy && covers != NONE) {
                allowed |= nonzero;
            }
        }
        return allowed || !ranges;
    }

    /// How the range from `from` to `to` covers `essence`.
    private static int covers(String accept, int from, int to, String essence) {
        int length = to - from;
        if (length == 3 && accept.startsWith("*/*", from)) return ANY;
        boolean exact =
                length == essence.length() && accept.regionMatches(true, from, essence, 0, length);
        if (exact) return EXACT;
        int typeLength = essence.indexOf('/') + 1;
        boolean anySubtype =
                length == typeLength + 1
                        && accept.charAt(to - 1) == '*'
                        && accept.regionMatches(true, from, essence, 0, typeLength);
        return anySubtype ? ANY_SUBTYPE : NONE;
    }

    /// Whether a parameter between the semicolon at `start` and `end` is `q=0`, with up to any
    /// number of decimals.
    private static boolean isExcluded(String accept, int start, int end) {
        int at = start;
        while (at < end) {
            int parameterEnd = end(accept, at + 1, end, ';');
            int from = spaceEnd(accept, at + 1, parameterEnd);
            int to = spaceStart(accept, from, parameterEnd);
            if (to - from > 2 && accept.regionMatches(true, from, "q=", 0, 2)) {
                return isZero(accept, from + 2, to);
            }
            at = parameterEnd;
        }
        return false;
    }

    private static boolean isZero(String accept, int from, int to) {
        if (accept.charAt(from) != '0') return false;
        if (to - from > 1 && accept.charAt(from + 1) != '.') return false;
        for (int i = from + 2; i < to; i++) {
            if (accept.charAt(i) != '0') return false;
        }
        return true;
    }

    private static int spaceEnd(String text, int from, int to) {
        int at = from;
        while (at < to && isSpace(text.charAt(at))) at++;
        return at;
    }

    private static int spaceStart(String text, int from, int to) {
        int at = to;
        while (at > from && isSpace(text.charAt(at - 1))) at--;
        return at;
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c);
    }

    /// The index of the first `separator` outside of quotes, or `to`.
    private static int end(String text, int from, int to, char separator) {
        boolean quoted = false;
        for (int at = from; at < to; at++) {
            char c = text.charAt(at);
            if (c == '"') quoted = !quoted;
            if (quoted && c == '\\') at++;
            if (!quoted && c == separator) return at;
        }
        return to;
    }
}
