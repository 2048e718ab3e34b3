package dev.torc.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.FuzzInput;
import dev.torc.http.FuzzTarget;
import dev.torc.http.HttpLimits;
import dev.torc.http.message.Fenced;
import dev.torc.http.message.Fields;
import dev.torc.http.message.RequestHead;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/// One head: the parser says what its naive twin says, stays within the bytes that it used, and
/// says the same when a part comes first.
class RequestParserFuzzTest implements FuzzTarget {
    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>(atLimits());
        for (String sample : NaiveParser.SAMPLES) {
            for (int choice = 0; choice < 2; choice++) seeds.add(FuzzInput.seed(choice, sample));
        }
        for (CorpusCase one : CorpusCase.readAll()) seeds.add(FuzzInput.seed(0, one.text()));
        return seeds;
    }

    /// Heads that reach a limit, and that exceed one by a byte or a field.
    static List<byte[]> atLimits() {
        HttpLimits tight = FuzzLimits.TIGHT;
        String start = "GET / HTTP/1.1\r\nHost: a\r\n";
        List<byte[]> seeds = new ArrayList<>();
        for (int more = 0; more < 2; more++) {
            int target = tight.requestLineBytesMax() - "GET / HTTP/1.1\r\n".length() + more;
            seeds.add(tight("GET /" + "a".repeat(target) + " HTTP/1.1\r\nHost: a\r\n\r\n"));
            int value = tight.headBytesMax() - (start + "X:\r\n\r\n").length() + more;
            seeds.add(tight(start + "X:" + "a".repeat(value) + "\r\n\r\n"));
            seeds.add(tight(start + "X: y\r\n".repeat(tight.headerCountMax() - 1 + more) + "\r\n"));
        }
        return seeds;
    }

    private static byte[] tight(String text) {
        return FuzzInput.seed(1, text);
    }

    @Override
    public void check(byte[] input) {
        compare(input, NaiveParser::parse);
    }

    /// With any twin, so that a wrong one can show that it is seen.
    static void compare(byte[] bytes, BiFunction<String, HttpLimits, NaiveParser> twin) {
        FuzzInput input = FuzzInput.of(bytes);
        HttpLimits limits = FuzzLimits.chosen(input);
        RequestParser parser = new RequestParser(limits);
        NaiveParser naive = twin.apply(input.string(), limits);
        RequestHead head = new RequestHead(limits.headerCountMax());
        String whole;
        try (Fenced all = Fenced.of(input.text())) {
            int used = parser.parse(all.address(), all.length(), head);
            whole = outcome(used, head);
            assertEquals(naive.verdict(), used < 0 ? "refused" : NaiveParser.describe(head));
            assertEquals(naive.length(), Math.max(used, 0), "bytes used");
            if (used > 0) staysWithin(head, used);
        }
        assertEquals(whole, inTwoParts(parser, input, limits), "cut at " + input.cut());
    }

    private static String inTwoParts(RequestParser parser, FuzzInput input, HttpLimits limits) {
        RequestHead head = new RequestHead(limits.headerCountMax());
        try (Fenced part = Fenced.of(Arrays.copyOf(input.text(), input.cut()))) {
            int used = parser.parse(part.address(), part.length(), head);
            if (used != RequestParser.PARTIAL) return outcome(used, head);
        }
        try (Fenced all = Fenced.of(input.text())) {
            return outcome(parser.parse(all.address(), all.length(), head), head);
        }
    }

    private static String outcome(int used, RequestHead head) {
        if (used == RequestParser.PARTIAL) return "partial";
        if (used == RequestParser.INVALID) return "refused: " + head.refusal();
        String offsets = head.methodStart() + " " + head.hostStart() + "+" + head.hostLength();
        return used
                + " "
                + offsets
                + " "
                + head.hasUnknownExpectation()
                + head.isHttps()
                + NaiveParser.describe(head);
    }

    private static void staysWithin(RequestHead head, int end) {
        int methodEnd = head.methodStart() + head.methodLength();
        ascending(0, head.methodStart(), methodEnd, head.targetStart(), head.targetEnd(), end);
        ascending(head.targetStart(), head.pathStart(), head.pathEnd(), head.targetEnd());
        if (head.hasQuery()) {
            ascending(head.pathEnd(), head.queryStart(), head.queryEnd(), head.targetEnd());
        }
        ascending(0, head.hostStart(), head.hostStart() + head.hostLength(), end);
        Fields fields = head.fields();
        int before = head.targetEnd();
        for (int i = 0; i < fields.count(); i++) {
            int nameEnd = fields.nameStart(i) + fields.nameLength(i);
            int valueEnd = fields.valueStart(i) + fields.valueLength(i);
            ascending(before, fields.nameStart(i), nameEnd, fields.valueStart(i), valueEnd, end);
            before = valueEnd;
        }
    }

    private static void ascending(int... offsets) {
        for (int i = 1; i < offsets.length; i++) {
            assertTrue(offsets[i - 1] <= offsets[i], () -> Arrays.toString(offsets));
        }
    }
}
