package dev.torc.http;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A media type with its parameters (RFC 9110 8.3.1), kept as it was written. Immutable; equal if
/// the text is.
public final class MediaType {
    private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";

    public static final MediaType TEXT_PLAIN = of("text/plain");
    public static final MediaType TEXT_PLAIN_UTF_8 = of("text/plain; charset=utf-8");
    public static final MediaType TEXT_HTML_UTF_8 = of("text/html; charset=utf-8");
    public static final MediaType TEXT_CSS_UTF_8 = of("text/css; charset=utf-8");
    public static final MediaType TEXT_JAVASCRIPT_UTF_8 = of("text/javascript; charset=utf-8");
    public static final MediaType TEXT_EVENT_STREAM = of("text/event-stream");
    public static final MediaType APPLICATION_JSON = of("application/json");
    public static final MediaType APPLICATION_PROBLEM_JSON = of("application/problem+json");
    public static final MediaType APPLICATION_FORM_URLENCODED =
            of("application/x-www-form-urlencoded");
    public static final MediaType APPLICATION_OCTET_STREAM = of("application/octet-stream");
    public static final MediaType MULTIPART_FORM_DATA = of("multipart/form-data");

    private final String text;
    private final String essence;
    private final byte[] line;

    private MediaType(String text, String essence) {
        this.text = text;
        this.essence = essence.toLowerCase(Locale.ROOT);
        this.line = ("Content-Type: " + text + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /// The media type that the application writes as `text`.
    ///
    /// @throws IllegalArgumentException if it is malformed
    public static MediaType of(String text) {
        MediaType type = parse(text);
        if (type == null) {
            throw new IllegalArgumentException(
                    "media type must be type/subtype with ;name=value parameters: text=" + text);
        }
        return type;
    }

    /// The media type that a peer sent as `text`, null if it is malformed.
    public static @Nullable MediaType parse(String text) {
        int slash = tokenEnd(text, 0);
        if (slash == 0 || slash == text.length() || text.charAt(slash) != '/') return null;
        int end = tokenEnd(text, slash + 1);
        if (end == slash + 1 || !hasParameters(text, end)) return null;
        return new MediaType(text, text.substring(0, end));
    }

    /// Type and subtype without parameters, in lower case: `text/plain`.
    public String essence() {
        return essence;
    }

    /// The value of the first parameter of this name, in any case, without its quotes; null if
    /// there is none.
    public @Nullable String parameter(String name) {
        int at = essence.length();
        while (at < text.length()) {
            at = spaceEnd(text, spaceEnd(text, at) + 1);
            int nameEnd = tokenEnd(text, at);
            if (nameEnd == at) continue;
            int value = nameEnd + 1;
            boolean quoted = text.startsWith("\"", value);
            int end = quoted ? quotedEnd(text, value) : tokenEnd(text, value);
            boolean named =
                    name.length() == nameEnd - at
                            && text.regionMatches(true, at, name, 0, name.length());
            if (named) return quoted ? unquoted(text, value, end) : text.substring(value, end);
            at = end;
        }
        return null;
    }

    /// The header line with its CRLF, `Content-Type: text/plain\r\n`. The array is shared: only to
    /// be read.
    public byte[] line() {
        return line;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MediaType that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /// The text it was made of, the field's value.
    @Override
    public String toString() {
        return text;
    }

    /// Whether `text` from `at` on is `*( OWS ";" OWS [ token "=" ( token / quoted-string ) ] )`.
    private static boolean hasParameters(String text, int at) {
        while (at < text.length()) {
            at = spaceEnd(text, at);
            if (at == text.length() || text.charAt(at) != ';') return false;
            at = spaceEnd(text, at + 1);
            int nameEnd = tokenEnd(text, at);
            if (nameEnd == at) continue;
            if (nameEnd == text.length() || text.charAt(nameEnd) != '=') return false;
            int value = nameEnd + 1;
            at = text.startsWith("\"", value) ? quotedEnd(text, value) : tokenEnd(text, value);
            if (at == value) return false;
        }
        return true;
    }

    private static int spaceEnd(String text, int at) {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) at++;
        return at;
    }

    private static int tokenEnd(String text, int at) {
        while (at < text.length() && isTokenCharacter(text.charAt(at))) at++;
        return at;
    }

    private static boolean isTokenCharacter(char c) {
        return (c >= '0' && c <= '9')
                || (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || TOKEN_SYMBOLS.indexOf(c) >= 0;
    }

    /// Where the quoted string that starts at `start` ends, or `start` if it does not end or has a
    /// character that is not visible ASCII, space or tab.
    private static int quotedEnd(String text, int start) {
        for (int at = start + 1; at < text.length(); at++) {
            if (text.charAt(at) == '"') return at + 1;
            if (text.charAt(at) == '\\') at++;
            if (at == text.length() || !isTextCharacter(text.charAt(at))) return start;
        }
        return start;
    }

    private static String unquoted(String text, int start, int end) {
        StringBuilder value = new StringBuilder();
        for (int at = start + 1; at < end - 1; at++) {
            if (text.charAt(at) == '\\') at++;
            value.append(text.charAt(at));
        }
        return value.toString();
    }

    private static boolean isTextCharacter(char c) {
        return c == '\t' || (c >= ' ' && c <= '~');
    }
}
