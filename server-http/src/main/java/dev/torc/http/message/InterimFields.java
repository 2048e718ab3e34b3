package dev.torc.http.message;

import java.util.Locale;
import java.util.Set;

/// The fields of an informational answer (RFC 9110 15.2). Any thread.
public final class InterimFields {
    /// It has neither content nor framing (RFC 9110 8.6, RFC 9112 6.1), and changes nothing about
    /// the connection, which is the server's to manage.
    private static final Set<String> FORBIDDEN =
            Set.of(
                    "connection",
                    "content-length",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    private InterimFields() {}

    /// Encodes names, each followed by its value.
    ///
    /// @throws IllegalArgumentException for a name without a value, and for what such an answer
    ///   cannot carry
    public static FieldLines of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "each name needs a value: strings=" + namesAndValues.length);
        }
        FieldLines lines = new FieldLines(128);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String name = namesAndValues[i];
            if (FORBIDDEN.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("not in an informational answer: " + name);
            }
            lines.add(name, namesAndValues[i + 1]);
        }
        return lines;
    }
}
