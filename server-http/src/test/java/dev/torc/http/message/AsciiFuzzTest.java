package dev.torc.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.http.FuzzInput;
import dev.torc.http.FuzzTarget;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/// Every scan of eight bytes at a time against a loop over bytes, from any place in the text on;
/// and what is built of them.
class AsciiFuzzTest implements FuzzTarget {
    private static final String LETTERS_AND_DIGITS =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final String TOKEN = LETTERS_AND_DIGITS + "!#$%&'*+-.^_`|~";
    private static final String REG_NAME = LETTERS_AND_DIGITS + "-._~!$&'()*+,;=";
    private static final String PATH = REG_NAME + ":@/";
    private static final Pattern TRIPLET = Pattern.compile("%[0-9A-Fa-f]{2}");
    private static final List<String> WORDS =
            List.of("host", "expect", "connection", "content-length", "transfer-encoding", "x-9-z");

    interface Scan {
        long end(long address, long limit);
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (String word : WORDS) seeds.add(FuzzInput.seed(0, word.toUpperCase(Locale.ROOT)));
        for (String text :
                List.of(
                        TOKEN,
                        PATH + "?%2F%c3%A9%",
                        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101\r\n",
                        " \t text with \u00e9 and \u0080\u00ff between ~}|{z\u007f \t",
                        "/a@b/%7E%7e/a+b?c=d&e=%20%zz",
                        "www.example.com:8080",
                        "[2001:db8::192.0.2.1]:443",
                        "[::ffff:255.255.255.255]",
                        "[1:2:3:4:5:6:7:8]",
                        "127.0.0.1",
                        "%41.example:65535",
                        "user@host:1",
                        "host:65536",
                        "")) {
            seeds.add(FuzzInput.seed(0, text));
        }
        return seeds;
    }

    @Override
    public void check(byte[] bytes) {
        FuzzInput input = FuzzInput.of(bytes);
        String text = input.string();
        agrees(Ascii::tokenEnd, input, AsciiFuzzTest::isToken);
        agrees(Ascii::textEnd, input, AsciiFuzzTest::isTextAt);
        agrees(Ascii::regNameEnd, input, (all, at) -> REG_NAME.indexOf(all.charAt(at)) >= 0);
        agrees(Ascii::skipWhitespace, input, (all, at) -> " \t".indexOf(all.charAt(at)) >= 0);
        agreesOnUri(Ascii::pathEnd, input, PATH);
        agreesOnUri(Ascii::queryEnd, input, PATH + "?");
        try (Fenced all = Fenced.of(text)) {
            loadsAWord(all, input);
            trims(all, text);
            boolean valid = Authority.isValid(all.address(), all.end());
            assertEquals(NaiveAuthority.isValid(text), valid, "authority");
            boolean withPort = Authority.isValidWithPort(all.address(), all.end());
            assertEquals(NaiveAuthority.isValidWithPort(text), withPort, "authority with port");
            for (String word : WORDS) compares(word, all, text);
        }
    }

    /// A scan against a loop that asks of each byte whether it goes on.
    static void agrees(Scan scan, FuzzInput input, BiPredicate<String, Integer> goesOn) {
        String text = input.string();
        int end = input.cut();
        while (end < text.length() && goesOn.test(text, end)) end++;
        stopsAt(end, scan, input);
    }

    private static void agreesOnUri(Scan scan, FuzzInput input, String allowed) {
        String text = input.string();
        int end = input.cut();
        while (end < text.length()) {
            boolean triplet =
                    text.charAt(end) == '%'
                            && TRIPLET.matcher(text).region(end, text.length()).lookingAt();
            if (!triplet && allowed.indexOf(text.charAt(end)) < 0) break;
            end += triplet ? 3 : 1;
        }
        stopsAt(end, scan, input);
    }

    private static void stopsAt(int expected, Scan scan, FuzzInput input) {
        // once in exactly what is left, once behind other bytes
        int cut = input.cut();
        try (Fenced rest = Fenced.of(input.string().substring(cut))) {
            assertEquals(expected - cut, scan.end(rest.address(), rest.end()) - rest.address());
        }
        try (Fenced all = Fenced.of(input.text())) {
            assertEquals(expected, scan.end(all.address() + cut, all.end()) - all.address());
        }
    }

    private static boolean isToken(String text, int at) {
        return TOKEN.indexOf(text.charAt(at)) >= 0;
    }

    static boolean isTextAt(String text, int at) {
        return isText(text.charAt(at));
    }

    private static boolean isText(char character) {
        return character == '\t' || (character >= ' ' && character != 0x7f);
    }

    private static void loadsAWord(Fenced all, FuzzInput input) {
        long word = 0;
        byte[] text = input.text();
        int end = Math.min(text.length, input.cut() + 8);
        for (int i = end - 1; i >= input.cut(); i--) word = word << 8 | (text[i] & 0xff);
        assertEquals(word, Ascii.load(all.address() + input.cut(), all.end()), "word");
    }

    private static void trims(Fenced all, String text) {
        int length = text.length();
        while (length > 0 && " \t".indexOf(text.charAt(length - 1)) >= 0) length--;
        long end = Ascii.trimWhitespace(all.address(), all.end());
        assertEquals(length, end - all.address(), "trimmed");
    }

    private static void compares(String word, Fenced all, String text) {
        boolean same = text.equalsIgnoreCase(word);
        byte[] bytes = Ascii.bytes(word);
        assertEquals(same, Ascii.equalsIgnoreCase(all.address(), all.length(), bytes), word);
        // what a keyword is compared with has been parsed
        boolean parsed = text.chars().allMatch(character -> isText((char) character));
        if (parsed && text.indexOf('\t') < 0) {
            assertEquals(same, Keyword.of(word).matches(all.address(), all.length()), word);
        }
    }
}
