package dev.torc.http.message;

import dev.torc.core.memory.Memory;

import java.nio.charset.StandardCharsets;

/// Scans of bytes at native addresses, eight at a time (SWAR: SIMD within a register), and the
/// character classes of RFC 9110 and RFC 3986. Allocates nothing but text; reads nothing at or
/// beyond `limit`.
///
/// Each scan loads a word and computes a mask with the high bit of every byte that *may* end the
/// run. The mask knows the common characters only; the byte it stops at is looked up in a table,
/// which has the last word. A word that crosses the limit is filled up with NUL, which ends every
/// run, so no loop needs a tail.
public final class Ascii {
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final long LOW7 = 0x7f * ONES;
    private static final long CASE = 0x20 * ONES;

    // No address is larger: `address &= ADDRESSES` changes nothing. In a loop it tells the JIT that
    // the loads behind it are within bounds, which it otherwise checks at each of them
    // (docs/http-speed.md).
    private static final long ADDRESSES = (1L << 62) - 1;

    private static final int TOKEN = 1;
    private static final int PATH = 1 << 1;
    private static final int QUERY = 1 << 2;
    private static final int REG_NAME = 1 << 3;
    private static final int DIGIT = 1 << 4;
    private static final int TEXT = 1 << 5;
    private static final byte[] CLASS = classes();
    private static final byte[] HEX = hexDigits();

    private Ascii() {}

    /// The first address that does not hold a token character (RFC 9110 section 5.6.2), or `limit`.
    public static long tokenEnd(long address, long limit) {
        while (limit - address >= 8) {
            address &= ADDRESSES;
            long stops = notLetterOrDash(Memory.getLong(address));
            if (stops == 0) {
                address += 8;
                continue;
            }
            address += firstByte(stops);
            byte octet = Memory.getByte(address);
            if (octet == ':' || !is(TOKEN, octet))
                return address; // a colon spares most the look-up
            address++;
        }
        return tailEnd(address, limit, TOKEN);
    }

    /// The first address that holds none of VCHAR, SP, HTAB and obs-text (RFC 9110 section 5.5), or
    /// `limit`.
    public static long textEnd(long address, long limit) {
        while (limit - address >= 16) {
            address &= ADDRESSES;
            long low = Memory.getLong(address);
            long high = Memory.getLong(address + 8);
            // Nearly all text is printable, and that is sooner known than which byte is not.
            boolean printable = ((notPrintable(low) | notPrintable(high)) & HIGH) == 0;
            if (printable || (control(low) | control(high)) == 0) {
                address += 16;
                continue;
            }
            long stops = control(low);
            address += stops != 0 ? firstByte(stops) : 8 + firstByte(control(high));
            byte octet = Memory.getByte(address);
            if (octet == '\r' || !is(TEXT, octet)) return address;
            address++;
        }
        return tailEnd(address, limit, TEXT);
    }

    /// The first address that holds neither a pchar nor `/` (RFC 3986 section 3.3), or `limit`.
    /// Passes percent-encoded triplets; at a malformed or incomplete one it stops.
    public static long pathEnd(long address, long limit) {
        return uriEnd(address, limit, PATH);
    }

    /// Like [#pathEnd(long, long)], and goes on over `?` (RFC 3986 section 3.4).
    public static long queryEnd(long address, long limit) {
        return uriEnd(address, limit, QUERY);
    }

    private static long uriEnd(long address, long limit, int allowed) {
        while (address < limit) {
            long stops = limit - address >= 8 ? notCommonInUri(Memory.getLong(address)) : HIGH;
            if (stops == 0) {
                address += 8;
                continue;
            }
            address += firstByte(stops);
            byte octet = Memory.getByte(address);
            boolean triplet = octet == '%' && isTriplet(address, limit);
            if (!triplet && !is(allowed, octet)) return address;
            address += triplet ? 3 : 1;
        }
        return address;
    }

    /// Whether `%` and two hexadecimal digits are here (RFC 3986 section 2.1).
    public static boolean isTriplet(long address, long limit) {
        return limit - address >= 3
                && Memory.getByte(address) == '%'
                && hexValue(Memory.getByte(address + 1)) >= 0
                && hexValue(Memory.getByte(address + 2)) >= 0;
    }

    /// The first address that holds no literal character of a registered name (RFC 3986 section
    /// 3.2.2), or `limit`. Stops at `%`.
    public static long regNameEnd(long address, long limit) {
        while (address < limit) {
            long stops = notCommonInHost(load(address, limit));
            if (stops == 0) {
                address += 8;
                continue;
            }
            address += firstByte(stops);
            if (address == limit || !is(REG_NAME, Memory.getByte(address))) break;
            address++;
        }
        return address;
    }

    private static long tailEnd(long address, long limit, int allowed) {
        while (address < limit && is(allowed, Memory.getByte(address))) address++;
        return address;
    }

    /// The first address that holds neither SP nor HTAB, or `limit`.
    public static long skipWhitespace(long address, long limit) {
        while (address < limit && isWhitespace(Memory.getByte(address))) address++;
        return address;
    }

    /// The end of `[start, end)` without its trailing SP and HTAB.
    public static long trimWhitespace(long start, long end) {
        while (end > start && isWhitespace(Memory.getByte(end - 1))) end--;
        return end;
    }

    /// Whether `length` bytes spell `lowerCase`, with ASCII letters in either case.
    public static boolean equalsIgnoreCase(long address, int length, byte[] lowerCase) {
        if (length != lowerCase.length) return false;
        for (int i = 0; i < length; i++) {
            if (toLowerCase(Memory.getByte(address + i)) != lowerCase[i]) return false;
        }
        return true;
    }

    public static boolean isWhitespace(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    /// VCHAR, SP, HTAB or obs-text: what field values and quoted strings are made of.
    public static boolean isText(byte octet) {
        return is(TEXT, octet);
    }

    public static boolean isDigit(byte octet) {
        return is(DIGIT, octet);
    }

    /// The value of a hexadecimal digit, or -1.
    public static int hexValue(byte octet) {
        return HEX[octet & 0xff];
    }

    public static byte toLowerCase(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? (byte) (octet + 0x20) : octet;
    }

    /// The bytes as text, one char each (ISO 8859-1).
    public static String text(long address, int length) {
        byte[] bytes = new byte[length];
        Memory.copy(address, bytes, 0, length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /// The bytes of `text`, for constants to compare with.
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// The eight bytes at `address`; those at or beyond `limit` read as NUL.
    public static long load(long address, long limit) {
        return limit - address >= 8 ? Memory.getLong(address) : loadTail(address, limit);
    }

    /// Up to eight characters as [#load(long, long)] reads them, for constants to compare with.
    public static long word(String text) {
        long word = 0;
        for (int i = text.length() - 1; i >= 0; i--) word = word << 8 | text.charAt(i);
        return word;
    }

    /// Two loads that overlap cover any width between theirs and twice that.
    private static long loadTail(long address, long limit) {
        int bytes = (int) (limit - address);
        if (bytes >= 4) {
            long high = Memory.getInt(limit - 4) & 0xffffffffL;
            return (Memory.getInt(address) & 0xffffffffL) | (high << (8 * (bytes - 4)));
        }
        if (bytes >= 2) {
            long high = Memory.getShort(limit - 2) & 0xffffL;
            return (Memory.getShort(address) & 0xffffL) | (high << (8 * (bytes - 2)));
        }
        return bytes == 1 ? Memory.getByte(address) & 0xff : 0;
    }

    private static int firstByte(long mask) {
        return Long.numberOfTrailingZeros(mask) >>> 3;
    }

    /// High bits where the byte is a control character, DEL or obs-text; some others may be set
    /// behind the first. Only its high bits mean anything.
    private static long notPrintable(long word) {
        return word - 0x20 * ONES | word + ONES;
    }

    /// Control characters and DEL, but neither SP nor obs-text. Exact for the first byte it finds:
    /// a subtraction borrows from the next byte only where it found one, and a carry out of 0xff
    /// can only turn `~` into DEL.
    private static long control(long word) {
        return notPrintable(word) & ~word & HIGH;
    }

    private static long notLetterOrDash(long word) {
        return (~(letter(word) | same(word, '-')) | word) & HIGH;
    }

    /// '&' to ';' are the digits, the slash and most of sub-delims.
    private static long notCommonInUri(long word) {
        long common = letter(word) | between(word, '&', ';') | same(word, '=') | same(word, '_');
        return (~common | word) & HIGH;
    }

    private static long notCommonInHost(long word) {
        long common = letter(word) | (between(word, '-', '9') & ~same(word, '/'));
        return (~common | word) & HIGH;
    }

    private static long letter(long word) {
        return between(word | CASE, 'a', 'z');
    }

    /// High bits where `first <= byte <= last`.
    private static long between(long word, int first, int last) {
        return word + (0x80 - first) * ONES & ~(word + (0x7f - last) * ONES);
    }

    /// High bits where the byte is `octet`.
    private static long same(long word, int octet) {
        return ~((word ^ octet * ONES) + LOW7);
    }

    private static boolean is(int characterClass, byte octet) {
        return (CLASS[octet & 0xff] & characterClass) != 0;
    }

    private static byte[] classes() {
        byte[] classes = new byte[256];
        String digits = "0123456789";
        String letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        String subDelims = "!$&'()*+,;=";
        mark(classes, letters + digits + "!#$%&'*+-.^_`|~", TOKEN);
        mark(classes, letters + digits + "-._~" + subDelims, REG_NAME | PATH | QUERY);
        mark(classes, ":@/", PATH | QUERY);
        mark(classes, "?", QUERY);
        mark(classes, digits, DIGIT);
        for (int octet = ' '; octet < 256; octet++) classes[octet] |= TEXT;
        classes['\t'] |= TEXT;
        classes[0x7f] = 0;
        return classes;
    }

    private static void mark(byte[] classes, String characters, int characterClass) {
        for (byte octet : bytes(characters)) classes[octet] |= (byte) characterClass;
    }

    private static byte[] hexDigits() {
        byte[] values = new byte[256];
        for (int octet = 0; octet < 256; octet++) {
            values[octet] = (byte) (octet < 0x80 ? Character.digit(octet, 16) : -1);
        }
        return values;
    }
}
