package dev.torc.http;

import org.jspecify.annotations.Nullable;

/// [Accept] by parts that are copied out of the text: its oracle.
final class NaiveAccept {
    private static final int NONE = 0;
    private static final int ANY = 1;
    private static final int ANY_SUBTYPE = 2;
    private static final int EXACT = 3;

    private NaiveAccept() {}

    /// Whether `accept` lets `essence` through, which is in lower case; null lets through anything,
    /// as does a text without a range.
    static boolean allows(@Nullable String accept, String essence) {
        if (accept == null) return true;
        boolean ranges = false;
        boolean allowed = false;
        int decidedBy = NONE;
        for (int at = 0; at < accept.length(); ) {
            int end = elementEnd(accept, at);
            String element = accept.substring(at, end);
            at = end + 1;
            int parameters = element.indexOf(';');
            String range = (parameters < 0 ? element : element.substring(0, parameters)).strip();
            if (range.indexOf('/') <= 0) continue;
            ranges = true;
            int covers = covers(range, essence);
            boolean nonzero = parameters < 0 || !isExcluded(element, parameters);
            if (covers > decidedBy) {
                decidedBy = covers;
                allowed = nonzero;
            } else if (covers == decidedBy && covers != NONE) {
                allowed |= nonzero;
            }
        }
        return allowed || !ranges;
    }

    private static int covers(String range, String essence) {
        if (range.equals("*/*")) return ANY;
        if (range.equalsIgnoreCase(essence)) return EXACT;
        int slash = essence.indexOf('/');
        boolean anySubtype =
                range.length() == slash + 2
                        && range.endsWith("/*")
                        && range.regionMatches(true, 0, essence, 0, slash + 1);
        return anySubtype ? ANY_SUBTYPE : NONE;
    }

    /// Whether a parameter from `at` on is `q=0`, with up to any number of decimals.
    private static boolean isExcluded(String element, int at) {
        while (at < element.length()) {
            int end = parameterEnd(element, at + 1);
            String parameter = element.substring(at + 1, end).strip();
            if (parameter.length() > 2 && parameter.regionMatches(true, 0, "q=", 0, 2)) {
                return isZero(parameter.substring(2));
            }
            at = end;
        }
        return false;
    }

    private static boolean isZero(String quality) {
        if (quality.charAt(0) != '0') return false;
        if (quality.length() > 1 && quality.charAt(1) != '.') return false;
        for (int i = 2; i < quality.length(); i++) {
            if (quality.charAt(i) != '0') return false;
        }
        return true;
    }

    private static int elementEnd(String text, int from) {
        return end(text, from, ',');
    }

    private static int parameterEnd(String text, int from) {
        return end(text, from, ';');
    }

    /// The index of the first `separator` outside of quotes, or the end.
    private static int end(String text, int from, char separator) {
        boolean quoted = false;
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') quoted = !quoted;
            if (quoted && c == '\\') at++;
            if (!quoted && c == separator) return at;
        }
        return text.length();
    }
}
