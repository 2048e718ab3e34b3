package dev.torc.http;

import dev.torc.core.memory.Memory;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.Fields;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.ThreadLocalRandom;

/// One request's id, found out when it is first asked for: what the peer sent as `X-Request-Id` if
/// that is short and harmless in a log, a field or a shell; else 32 hex digits made here. Allocates
/// nothing but text.
final class RequestId {
    /// The field as it starts on a response.
    static final byte[] FIELD = Ascii.bytes("X-Request-Id: ");

    static final int BYTES_MAX = 128;

    private static final byte[] NAME = Ascii.bytes("x-request-id");
    private static final byte[] HEX = Ascii.bytes("0123456789abcdef");

    /// Random, so that ids of two processes that count on alike do not meet. Made with the first
    /// id, and not with the first request, whose answer would wait for a security provider.
    private static final class Seed {
        static final long HIGH = new SecureRandom().nextLong();
        static final long LOW = new SecureRandom().nextLong();
    }

    private final byte[] bytes = new byte[BYTES_MAX];
    private int length;
    private @Nullable String text;

    /// Forgets it, for the next request.
    void reset() {
        length = 0;
        text = null;
    }

    /// Takes the peer's, if it sent exactly one and that will do.
    void take(Fields fields) {
        if (length > 0) return;
        int index = fields.find(NAME);
        if (index < 0 || fields.find(NAME, index + 1) >= 0) return;
        int sent = fields.valueLength(index);
        if (sent > BYTES_MAX) return;
        long address = fields.valueAddress(index);
        for (int i = 0; i < sent; i++) {
            byte octet = Memory.getByte(address + i);
            if (!isHarmless(octet)) return;
            bytes[i] = octet;
        }
        length = sent;
    }

    /// Makes one, if there is none.
    void make() {
        if (length > 0) return;
        ThreadLocalRandom random = ThreadLocalRandom.current();
        putHex(random.nextLong() ^ Seed.HIGH, 0);
        putHex(random.nextLong() ^ Seed.LOW, 16);
        length = 32;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    @Override
    public String toString() {
        String known = text;
        if (known == null) {
            known = new String(bytes, 0, length, StandardCharsets.US_ASCII);
            text = known;
        }
        return known;
    }

    private void putHex(long number, int at) {
        for (int i = 15; i >= 0; i--) {
            bytes[at + i] = HEX[(int) number & 0xf];
            number >>>= 4;
        }
    }

    /// Letters, digits and what UUIDs, base64 and trace ids have besides.
    private static boolean isHarmless(byte octet) {
        return (octet >= '0' && octet <= '9')
                || (octet >= 'A' && octet <= 'Z')
                || (octet >= 'a' && octet <= 'z')
                || octet == '-'
                || octet == '_'
                || octet == '.'
                || octet == ':'
                || octet == '+'
                || octet == '/'
                || octet == '=';
    }
}
