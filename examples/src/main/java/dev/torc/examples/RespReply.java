package dev.torc.examples;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Replies in Redis's protocol (RESP 2), one after the other.
final class RespReply {
    private static final byte[] LINE_END = {'\r', '\n'};

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    void status(String text) {
        line('+', text);
    }

    void error(String text) {
        line('-', "ERR " + text);
    }

    void number(long value) {
        line(':', Long.toString(value));
    }

    /// A value, or that there is none.
    void bulk(byte @Nullable [] value) {
        line('$', value == null ? "-1" : Integer.toString(value.length));
        if (value == null) return;
        out.writeBytes(value);
        out.writeBytes(LINE_END);
    }

    void array(byte[]... values) {
        line('*', Integer.toString(values.length));
        for (byte[] value : values) bulk(value);
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    private void line(char type, String text) {
        out.write(type);
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(LINE_END);
    }
}
