package dev.torc.http;

import dev.torc.http.Ask.End;
import dev.torc.http.Ask.Framing;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.regex.Pattern;

/// Checks the answers to some requests byte by byte as they come in: their order, status, framing
/// and bodies, and that nothing follows the last.
final class AnswerCheck {
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 [1-5]\\d\\d [ -~]+");
    private static final Pattern FIELD = Pattern.compile("[A-Za-z-]+: [ -~]+");
    private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9a-f]{1,7}");
    private static final int LINE_BYTES_MAX = 1000;

    private enum State {
        STATUS,
        FIELDS,
        BODY,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        LAST_CHUNK_END
    }

    private final List<Ask> asks;
    private final StringBuilder line = new StringBuilder();
    private State state = State.STATUS;
    private @Nullable String broken;
    private int answered;
    private int status;
    private int bodyBytes;
    private long left;
    private boolean chunked;
    private boolean sized;
    private boolean closes;
    private boolean continued;
    private boolean tolerant;
    private boolean timedOut;

    AnswerCheck(List<Ask> asks) {
        this.asks = asks;
    }

    /// From now on the server may end the connection, and say so, when it likes: it is stopping, or
    /// time has jumped.
    void tolerate() {
        tolerant = true;
    }

    /// Requests whose answers are complete.
    int answered() {
        return answered;
    }

    /// Whether the body of the request being answered was asked for.
    boolean continued() {
        return continued;
    }

    /// Whether the last answer said that no other will come.
    boolean closes() {
        return closes;
    }

    /// Whether an answer has begun and is not complete.
    boolean isWithinAnswer() {
        return state != State.STATUS || line.length() > 0;
    }

    /// What was wrong, or null.
    @Nullable String broken() {
        return broken;
    }

    void accept(byte[] bytes, int length) {
        for (int i = 0; i < length && broken == null; i++) accept(bytes[i]);
    }

    /// The server has ended the connection in order.
    void end() {
        boolean untilEnd = state == State.BODY && !sized && !chunked;
        if (untilEnd && (bodyBytes == body().length || tolerant)) {
            answered++;
            state = State.STATUS;
        }
    }

    private void accept(byte octet) {
        switch (state) {
            case BODY, CHUNK_DATA -> body(octet);
            default -> {
                line.append((char) (octet & 0xff));
                if (line.length() > LINE_BYTES_MAX) fail("a long line");
                if (octet == '\n') endOfLine();
            }
        }
    }

    private void endOfLine() {
        String text = line.toString();
        line.setLength(0);
        if (!text.endsWith("\r\n")) fail("a bare LF");
        text = text.substring(0, Math.max(0, text.length() - 2));
        switch (state) {
            case STATUS -> status(text);
            case FIELDS -> {
                if (text.isEmpty()) {
                    endOfHead();
                } else {
                    field(text);
                }
            }
            case CHUNK_SIZE -> chunkSize(text);
            case CHUNK_END, LAST_CHUNK_END -> {
                if (!text.isEmpty()) fail("after a chunk: " + text);
                if (state == State.CHUNK_END) {
                    state = State.CHUNK_SIZE;
                } else {
                    endOfAnswer();
                }
            }
            default -> throw new AssertionError(state);
        }
    }

    private void status(String text) {
        if (answered == asks.size() || closes) {
            boolean late = tolerant && text.startsWith("HTTP/1.1 408 ") && !closes;
            if (!late) fail("after the last answer: " + text);
        }
        if (!STATUS_LINE.matcher(text).matches()) {
            fail("a status line: " + text);
            return;
        }
        status = Integer.parseInt(text, 9, 12, 10);
        timedOut = status == 408 && (answered == asks.size() || ask().status() != 408);
        boolean interim = status == 100 && ask().expectsContinue() && !continued;
        boolean late = timedOut && tolerant;
        boolean refused = ask().end() == End.CLOSES && ask().body() == null;
        if (!interim && !late && !(refused && status == 408) && status != ask().status()) {
            fail("not " + ask().status() + ": " + text);
        }
        state = State.FIELDS;
        chunked = false;
        sized = false;
        bodyBytes = 0;
        left = 0;
    }

    private void field(String text) {
        if (!FIELD.matcher(text).matches()) fail("a field: " + text);
        if (text.startsWith("Content-Length: ")) {
            if (sized) fail("two lengths");
            sized = true;
            left = Long.parseLong(text, 16, text.length(), 10);
        }
        if (text.equals("Transfer-Encoding: chunked")) chunked = true;
        if (text.equals("Connection: close")) closes = true;
    }

    private void endOfHead() {
        if (status == 100) {
            if (sized || chunked || closes) fail("an interim answer with a body");
            continued = true;
            state = State.STATUS;
            return;
        }
        if (!timedOut) checkHead(ask());
        boolean bodyless = !timedOut && ask().framing() == Framing.NO_BODY;
        if (bodyless || (sized && left == 0)) {
            endOfAnswer();
        } else {
            state = chunked ? State.CHUNK_SIZE : State.BODY;
        }
    }

    private void checkHead(Ask ask) {
        boolean mayClose = tolerant || ask.end() == End.CLOSES;
        if (closes && !mayClose) fail("closes without need");
        if (!closes && ask.end() == End.CLOSES) fail("does not close");
        boolean unsized = ask.framing() == Framing.CHUNKED || ask.framing() == Framing.CLOSE;
        if (sized == unsized) fail("not framed as " + ask.framing());
        if (chunked != (ask.framing() == Framing.CHUNKED)) fail("not framed as " + ask.framing());
        if (sized && ask.body() != null && left != ask.body().length) {
            fail(left + " bytes announced, not " + ask.body().length);
        }
    }

    private void chunkSize(String text) {
        if (!CHUNK_SIZE.matcher(text).matches()) {
            fail("a chunk's size: " + text);
            return;
        }
        left = Integer.parseInt(text, 16);
        state = left == 0 ? State.LAST_CHUNK_END : State.CHUNK_DATA;
    }

    private void body(byte octet) {
        boolean checked = !timedOut && ask().body() != null;
        if (checked && bodyBytes >= body().length) {
            fail("a body of more than " + body().length);
        } else if (checked && octet != body()[bodyBytes]) {
            fail("a wrong byte in the body at " + bodyBytes);
        }
        bodyBytes++;
        left--;
        if (left != 0) return;
        if (state == State.CHUNK_DATA) {
            state = State.CHUNK_END;
        } else if (sized) {
            endOfAnswer();
        }
    }

    private void endOfAnswer() {
        state = State.STATUS;
        if (timedOut) return;
        Ask ask = ask();
        if (ask.end() == End.BREAKS) fail("it should have been aborted");
        boolean bodyless = ask.framing() == Framing.NO_BODY || ask.body() == null;
        if (!bodyless && bodyBytes != body().length) {
            fail("a body of " + bodyBytes + ", not " + body().length);
        }
        answered++;
        continued = false;
    }

    private Ask ask() {
        return asks.get(Math.min(answered, asks.size() - 1));
    }

    private byte[] body() {
        byte[] body = ask().body();
        return body == null ? new byte[0] : body;
    }

    private void fail(String what) {
        if (broken == null) broken = "answer " + answered + ": " + what;
    }

    @Override
    public String toString() {
        return "answered " + answered + " of " + asks.size() + ", then " + state + " " + bodyBytes;
    }
}
