package dev.torc.http.message;

import dev.torc.core.memory.Memory;

/// A word of 4 to 24 lower-case letters, digits and dashes to compare field names and values with,
/// ignoring case, a few bytes at a time.
///
/// Case is folded by setting bit 5 of every byte. Of the other characters that may occur only the
/// controls would turn into one of ours, and text that was parsed has none.
public record Keyword(int length, long first, long middle, long last) {
    private static final long CASE = 0x2020202020202020L;

    public static Keyword of(String text) {
        int length = text.length();
        if (length < 4 || length > 24) {
            throw new IllegalArgumentException("a keyword has 4 to 24 characters: " + text);
        }
        int width = length < 8 ? 4 : 8; // three words of this width, which overlap, cover the text
        int last = length - width;
        return new Keyword(
                length,
                Ascii.word(text.substring(0, width)),
                Ascii.word(text.substring(last / 2, last / 2 + width)),
                Ascii.word(text.substring(last)));
    }

    /// Whether `length` bytes of parsed text at `address` are this word in any case.
    public boolean matches(long address, int length) {
        if (length != this.length) return false;
        int end = length - 8;
        if (end < 0) return fold(address) == first && fold(address + length - 4) == last;
        return (Memory.getLong(address) | CASE) == first
                && (Memory.getLong(address + end) | CASE) == last
                && (Memory.getLong(address + end / 2) | CASE) == middle;
    }

    private static int fold(long address) {
        return Memory.getInt(address) | (int) CASE;
    }
}
