package dev.torc.http.file;

import dev.torc.core.memory.Memory;
import dev.torc.http.message.Ascii;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// An entity tag (RFC 9110 8.8.3): `"xyzzy"`, or `W/"xyzzy"` if it is weak. A strong one changes
/// with every byte of what it stands for; a weak one need not, so parts of two states that share it
/// must not be put together.
///
/// Immutable; any thread. Tags of a request are compared where they were received: nothing but the
/// making of a tag allocates.
final class EntityTag {
    /// What the tag of a representation that was made of a file by compressing it has behind the
    /// characters of the file's own; a checksum follows.
    static final String MADE = "-gzip-";

    private static final byte[] MADE_BYTES = Ascii.bytes(MADE);
    private static final byte[] WEAK = Ascii.bytes("W/");

    private final byte[] text;
    private final int opaqueStart;
    private final boolean matchesMade;

    private EntityTag(EntityTag tag) {
        text = tag.text;
        opaqueStart = tag.opaqueStart;
        matchesMade = true;
    }

    private EntityTag(String opaque, boolean weak) {
        for (int i = 0; i < opaque.length(); i++) {
            if (opaque.charAt(i) > 0xff || !isTagCharacter((byte) opaque.charAt(i))) {
                throw new IllegalArgumentException(
                        "an entity tag has neither quotes nor spaces nor control characters: "
                                + opaque);
            }
        }
        opaqueStart = weak ? WEAK.length : 0;
        matchesMade = false;
        text = Ascii.bytes((weak ? "W/\"" : "\"") + opaque + '"');
    }

    /// The strong tag of these characters, without quotes.
    ///
    /// @throws IllegalArgumentException for one that a tag cannot have
    static EntityTag strong(String opaque) {
        return new EntityTag(opaque, false);
    }

    /// Like [#strong(String)], weak.
    static EntityTag weak(String opaque) {
        return new EntityTag(opaque, true);
    }

    /// The same for a request that is about the file, in whatever coding the client has seen it:
    /// matches the tags of what was made of this state of the file, too.
    EntityTag orOfMade() {
        return new EntityTag(this);
    }

    /// The weak tag of the same characters.
    EntityTag weakened() {
        if (isWeak()) return this;
        return weak(new String(text, 1, text.length - 2, StandardCharsets.ISO_8859_1));
    }

    boolean isWeak() {
        return opaqueStart > 0;
    }

    /// The value of an `ETag` field. The array is shared: only to be read.
    byte[] bytes() {
        return text;
    }

    /// Whether the well-formed tag in `[address, end)` is this one, and neither is weak: strong
    /// comparison (RFC 9110 8.8.3.2), for `If-Match` and `If-Range`.
    boolean matchesStrong(long address, long end) {
        return !isWeak() && !isWeak(address) && hasOpaque(address, end);
    }

    /// Whether the well-formed tag in `[address, end)` has the same characters as this one: weak
    /// comparison (RFC 9110 8.8.3.2), for `If-None-Match`.
    boolean matchesWeak(long address, long end) {
        return hasOpaque(isWeak(address) ? address + WEAK.length : address, end);
    }

    /// Where the tag ends that starts at `address`, or -1 if there is none: no quotes, a character
    /// that a tag cannot have, or a `w` in lower case.
    static long end(long address, long limit) {
        long at = address;
        if (limit - at >= WEAK.length && isWeak(at)) at += WEAK.length;
        if (at >= limit || Memory.getByte(at) != '"') return -1;
        at++;
        while (at < limit && isTagCharacter(Memory.getByte(at))) at++;
        return at < limit && Memory.getByte(at) == '"' ? at + 1 : -1;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EntityTag that && Arrays.equals(text, that.text);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(text);
    }

    /// As a field carries it.
    @Override
    public String toString() {
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private boolean hasOpaque(long address, long end) {
        int length = text.length - opaqueStart - 1; // without the quote at the end
        long rest = address + length;
        if (rest >= end || !isAt(address, text, opaqueStart, length)) return false;
        if (rest + 1 == end) return true;
        return matchesMade
                && end - rest > MADE_BYTES.length
                && isAt(rest, MADE_BYTES, 0, MADE_BYTES.length);
    }

    private static boolean isAt(long address, byte[] bytes, int from, int length) {
        for (int i = 0; i < length; i++) {
            if (Memory.getByte(address + i) != bytes[from + i]) return false;
        }
        return true;
    }

    /// Of a tag, which has at least two characters.
    private static boolean isWeak(long address) {
        return Memory.getByte(address) == WEAK[0] && Memory.getByte(address + 1) == WEAK[1];
    }

    /// VCHAR without the quote, or obs-text.
    private static boolean isTagCharacter(byte octet) {
        return octet < 0 || (octet > ' ' && octet != '"' && octet != 0x7f);
    }
}
