package dev.torc.http;

import dev.torc.core.memory.Memory;

/// The well-formed byte sequences of RFC 3629 4, by an automaton that takes one octet at a time: no
/// overlong form, no surrogate, nothing above U+10FFFF. Allocates nothing; any thread.
final class Utf8 {
    /// The state between two characters: where a text starts and may end.
    static final int START = 0;

    /// The state after an octet that cannot be there.
    static final int REFUSED = -1;

    private static final int MORE_1 = 1;
    private static final int MORE_2 = 2;
    private static final int MORE_3 = 3;
    private static final int AFTER_E0 = 4;
    private static final int AFTER_ED = 5;
    private static final int AFTER_F0 = 6;
    private static final int AFTER_F4 = 7;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private Utf8() {}

    /// The state after `octet` (0 to 255).
    static int next(int state, int octet) {
        return switch (state) {
            case MORE_1 -> within(octet, 0x80, 0xBF, START);
            case MORE_2 -> within(octet, 0x80, 0xBF, MORE_1);
            case MORE_3 -> within(octet, 0x80, 0xBF, MORE_2);
            case AFTER_E0 -> within(octet, 0xA0, 0xBF, MORE_1);
            case AFTER_ED -> within(octet, 0x80, 0x9F, MORE_1);
            case AFTER_F0 -> within(octet, 0x90, 0xBF, MORE_2);
            case AFTER_F4 -> within(octet, 0x80, 0x8F, MORE_2);
            default -> lead(octet);
        };
    }

    /// Whether the `length` bytes at `address` are UTF-8.
    static boolean isValid(long address, int length) {
        long end = address + length;
        int state = START;
        long at = address;
        while (at < end && state != REFUSED) {
            boolean ascii =
                    state == START
                            && end - at >= Long.BYTES
                            && (Memory.getLong(at) & HIGH_BITS) == 0;
            if (!ascii) state = next(state, Byte.toUnsignedInt(Memory.getByte(at)));
            at += ascii ? Long.BYTES : 1;
        }
        return state == START;
    }

    private static int lead(int octet) {
        if (octet < 0x80) return START;
        if (octet < 0xC2) return REFUSED;
        if (octet < 0xE0) return MORE_1;
        if (octet == 0xE0) return AFTER_E0;
        if (octet == 0xED) return AFTER_ED;
        if (octet < 0xF0) return MORE_2;
        if (octet == 0xF0) return AFTER_F0;
        if (octet < 0xF4) return MORE_3;
        return octet == 0xF4 ? AFTER_F4 : REFUSED;
    }

    private static int within(int octet, int low, int high, int next) {
        return low <= octet && octet <= high ? next : REFUSED;
    }
}
