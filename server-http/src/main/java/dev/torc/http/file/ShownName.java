package dev.torc.http.file;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// File names as people are shown them. A name is any bytes but NUL and slash, so it may try to be
/// another, to break a line or to speak to a terminal; shown, each of its characters is seen.
///
/// Allocates; any thread.
final class ShownName {
    private static final int PICTURES = 0x2400; // Unicode's pictures of control characters
    private static final int DELETE = 0x7f;
    private static final int PICTURE_OF_DELETE = 0x2421;
    private static final int UNKNOWN = 0xfffd;

    private ShownName() {}

    /// A name on a page: U+FFFD for what is not UTF-8 and for what has no picture.
    static String onPage(byte[] name) {
        StringBuilder shown = new StringBuilder(name.length);
        new String(name, StandardCharsets.UTF_8)
                .codePoints()
                .map(ShownName::picture)
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }

    /// A name in a line of text, from which its bytes can be read back: as in C, `\\` is a
    /// backslash and `\xNN` a byte of what cannot be printed; if the name is not UTF-8, of all that
    /// is not ASCII.
    static String inLine(byte[] name) {
        StringBuilder shown = new StringBuilder(name.length);
        if (isUtf8(name)) {
            new String(name, StandardCharsets.UTF_8)
                    .codePoints()
                    .forEach(c -> appendEscaped(Character.toString(c), isControl(c), shown));
        } else {
            for (byte octet : name) {
                boolean printable = octet >= ' ' && octet != DELETE;
                if (printable) appendEscaped(Character.toString(octet), false, shown);
                else appendEscaped(octet, shown);
            }
        }
        return shown.toString();
    }

    /// Whether the name is text at all, which is what a request can ask for.
    static boolean isUtf8(byte[] name) {
        String text = new String(name, StandardCharsets.UTF_8);
        return Arrays.equals(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /// Whether the character is not one but does something to those around it: controls, line and
    /// paragraph separators, and those that turn the direction of text (Unicode Standard Annex 9).
    static boolean isControl(int codePoint) {
        return Character.isISOControl(codePoint)
                || codePoint == 0x061c
                || codePoint == 0x200e
                || codePoint == 0x200f
                || (codePoint >= 0x2028 && codePoint <= 0x202e)
                || (codePoint >= 0x2066 && codePoint <= 0x2069)
                || codePoint == 0xfeff;
    }

    private static int picture(int codePoint) {
        if (codePoint < ' ') return PICTURES + codePoint;
        if (codePoint == DELETE) return PICTURE_OF_DELETE;
        return isControl(codePoint) ? UNKNOWN : codePoint;
    }

    private static void appendEscaped(String character, boolean control, StringBuilder target) {
        if (control) {
            byte[] octets = character.getBytes(StandardCharsets.UTF_8);
            for (byte octet : octets) appendEscaped(octet, target);
        } else {
            target.append(character.equals("\\") ? "\\\\" : character);
        }
    }

    private static void appendEscaped(byte octet, StringBuilder target) {
        target.append("\\x").append(HexFormat.of().toHexDigits(octet));
    }
}
