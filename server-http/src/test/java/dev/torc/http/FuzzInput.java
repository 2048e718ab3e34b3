package dev.torc.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/// What a target makes of a fuzzer's bytes: the first chooses what is done, the next two say where
/// the text is cut, the others are the text.
public final class FuzzInput {
    private static final int TEXT_START = 3;

    private final int choice;
    private final int cuts;
    private final byte[] text;

    private FuzzInput(int choice, int cuts, byte[] text) {
        this.choice = choice;
        this.cuts = cuts;
        this.text = text;
    }

    public static FuzzInput of(byte[] input) {
        byte[] padded = Arrays.copyOf(input, Math.max(TEXT_START, input.length));
        return new FuzzInput(
                padded[0] & 0xff,
                ((padded[1] & 0xff) << 8) | (padded[2] & 0xff),
                Arrays.copyOfRange(padded, TEXT_START, padded.length));
    }

    /// The bytes of which an input with this text is made, one char a byte; it is cut in the
    /// middle.
    public static byte[] seed(int choice, String text) {
        int cut = text.length() / 2;
        char[] choices = {(char) choice, (char) ((cut >>> 8) & 0xff), (char) (cut & 0xff)};
        return (new String(choices) + text).getBytes(StandardCharsets.ISO_8859_1);
    }

    /// From 0 to 255.
    public int choice() {
        return choice;
    }

    /// From 0 to 65535.
    public int cuts() {
        return cuts;
    }

    /// One place in the text, its ends included.
    public int cut() {
        return cuts % (text.length + 1);
    }

    /// Up to eight ascending places in the text.
    public int[] manyCuts() {
        Random random = new Random(cuts);
        return random.ints(1 + random.nextInt(8), 0, text.length + 1).sorted().toArray();
    }

    /// The text's bytes, only to be read.
    public byte[] text() {
        return text;
    }

    /// The text, one char a byte.
    public String string() {
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
