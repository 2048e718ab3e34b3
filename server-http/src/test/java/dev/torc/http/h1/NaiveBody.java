package dev.torc.http.h1;

import dev.torc.http.HttpLimits;
import dev.torc.http.message.Ascii;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// The body decoder's twin: reads a whole body one character after the other, by the grammar of RFC
/// 9112 section 7.1, and is done where the text or a limit ends.
final class NaiveBody {
    /// What became of it.
    ///
    /// @param status 0, of a refusal, or -1 when bytes are missing
    /// @param content what was decoded up to there
    /// @param length bytes of a complete body
    /// @param trailers `name=value` each
    record Result(int status, String content, int length, List<String> trailers) {}

    private static final class End extends RuntimeException {
        private static final long serialVersionUID = 1;

        final int status;

        End(int status) {
            super(null, null, false, false);
            this.status = status;
        }
    }

    private static final int MISSING = -1;
    private static final int SIZE_DIGITS_MAX = 15;
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]");
    private static final Pattern TEXT = Pattern.compile("[\\t -~\\x{80}-\\x{ff}]");
    private static final List<String> FORBIDDEN =
            List.of("host", "content-length", "transfer-encoding");

    private final String text;
    private final HttpLimits limits;
    private final StringBuilder content = new StringBuilder();
    private final List<String> trailers = new ArrayList<>();
    private int at;
    private int extensionBytes;
    private int limit = Integer.MAX_VALUE;
    private int limitStatus;

    private NaiveBody(String text, HttpLimits limits) {
        this.text = text;
        this.limits = limits;
    }

    static Result chunked(String text, HttpLimits limits) {
        NaiveBody body = new NaiveBody(text, limits);
        int status = 0;
        try {
            body.chunks();
        } catch (End end) {
            status = end.status;
        }
        return new Result(status, body.content.toString(), body.at, body.trailers);
    }

    static Result ofLength(long length, String text, HttpLimits limits) {
        if (length > limits.bodyBytesMax()) return new Result(413, "", 0, List.of());
        if (length > text.length()) return new Result(MISSING, text, 0, List.of());
        return new Result(0, text.substring(0, (int) length), (int) length, List.of());
    }

    private void chunks() {
        long size = chunkLine();
        while (size > 0) {
            for (; size > 0; size--) content.append(next());
            expect('\r');
            expect('\n');
            size = chunkLine();
        }
        limit = at + limits.trailerBytesMax();
        limitStatus = 431;
        while (peek() != '\r') trailer();
        at++;
        expect('\n');
    }

    private long chunkLine() {
        int start = at;
        while (Character.digit(peek(), 16) >= 0 && peek() < 0x80) {
            if (++at - start > SIZE_DIGITS_MAX) throw new End(400);
        }
        if (at == start) throw new End(400);
        long size = Long.parseLong(text.substring(start, at), 16);
        if (size > limits.bodyBytesMax() - content.length()) throw new End(413);
        int extensions = at;
        limit = at + limits.chunkExtensionBytesMax() - extensionBytes + 2;
        limitStatus = 400;
        while (peek() != '\r') extension();
        at++;
        expect('\n');
        extensionBytes += at - 2 - extensions;
        limit = Integer.MAX_VALUE;
        return size;
    }

    private void extension() {
        whitespace();
        expect(';');
        whitespace();
        token();
        int nameEnd = at;
        whitespace();
        if (peek() != '=') {
            at = nameEnd;
            return;
        }
        at++;
        whitespace();
        if (peek() == '"') {
            quoted();
        } else {
            token();
        }
    }

    private void quoted() {
        at++;
        while (peek() != '"') {
            if (peek() == '\\') at++;
            if (!is(TEXT)) throw new End(400);
            at++;
        }
        at++;
    }

    private void trailer() {
        if (trailers.size() == limits.headerCountMax()) throw new End(431);
        int start = at;
        token();
        String name = text.substring(start, at);
        expect(':');
        start = at;
        while (is(TEXT)) at++;
        String value = text.substring(start, at);
        expect('\r');
        expect('\n');
        if (FORBIDDEN.contains(name.toLowerCase(Locale.ROOT))) throw new End(400);
        trailers.add(name + "=" + NaiveParser.trimmed(value));
    }

    private void token() {
        int start = at;
        while (is(TOKEN)) at++;
        if (at == start) throw new End(400);
    }

    private void whitespace() {
        while (Ascii.isWhitespace((byte) peek())) at++;
    }

    private boolean is(Pattern pattern) {
        return pattern.matcher(String.valueOf(peek())).matches();
    }

    private void expect(char character) {
        if (next() != character) throw new End(400);
    }

    private char next() {
        char next = peek();
        at++;
        return next;
    }

    private char peek() {
        if (at >= limit) throw new End(limitStatus);
        if (at >= text.length()) throw new End(MISSING);
        return text.charAt(at);
    }
}
