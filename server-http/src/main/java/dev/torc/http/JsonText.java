package dev.torc.http;

import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/// What a codec writes of one value: an array that grows. Nothing of it is sent before it is
/// complete, so a value that cannot be written is answered by a failure and nothing else.
///
/// A thread that gives its text back writes all its values to the same one, and allocates none.
final class JsonText extends OutputStream {
    /// Larger arrays are not kept for the next value.
    static final int KEPT_BYTES_MAX = 256 * 1024;

    private static final int BYTES_MIN = 1024;
    private static final int BYTES_MAX = Integer.MAX_VALUE - 8; // of any array, by the JVM
    private static final ThreadLocal<JsonText> OWN = ThreadLocal.withInitial(JsonText::new);

    private byte[] bytes = new byte[BYTES_MIN];
    private int length;
    private boolean taken;

    JsonText() {}

    /// The thread's own, empty; a new one while that is taken, as by a value that writes another.
    static JsonText take() {
        JsonText own = OWN.get();
        JsonText text = own.taken ? new JsonText() : own;
        text.taken = true;
        text.length = 0;
        return text;
    }

    /// Its content is of no use any more. On the thread that took it.
    void giveBack() {
        if (bytes.length > KEPT_BYTES_MAX) bytes = new byte[BYTES_MIN];
        taken = false;
    }

    /// The first [#length()] of them count.
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    @Override
    public void write(int octet) {
        ensureRoom(1);
        bytes[length++] = (byte) octet;
    }

    @Override
    public void write(byte[] source, int offset, int count) {
        Objects.checkFromIndexSize(offset, count, source.length);
        ensureRoom(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    private void ensureRoom(int count) {
        if (bytes.length - length >= count) return;
        if (BYTES_MAX - length < count) {
            throw new IllegalStateException("JSON is limited to " + BYTES_MAX + " bytes");
        }
        long doubled = Math.max(2L * bytes.length, (long) length + count);
        bytes = Arrays.copyOf(bytes, (int) Math.min(doubled, BYTES_MAX));
    }
}
