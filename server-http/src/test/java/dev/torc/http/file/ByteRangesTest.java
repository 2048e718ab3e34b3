package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.AllocatedBytes;
import dev.torc.http.Method;
import dev.torc.http.file.ByteRanges.Outcome;
import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/// RFC 9110 14.1.2, 14.2 and 13.1.5.
class ByteRangesTest {
    private static final long NOW = 1_790_000_000L;
    private static final long MODIFIED = 784_111_777L;
    private static final String DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final Validators CURRENT = Validators.of(EntityTag.strong("current"), MODIFIED);

    private final ByteRanges ranges = new ByteRanges();

    private Outcome select(Method method, Validators current, long size, String... lines) {
        try (SentFields sent = SentFields.of(lines)) {
            return ranges.select(sent.fields(), method, current, size, NOW);
        }
    }

    /// `200`, `416`, or the parts as `0-99 200-299`.
    private String answer(long size, String... lines) {
        return switch (select(Method.GET, CURRENT, size, lines)) {
            case WHOLE -> "200";
            case UNSATISFIABLE -> "416";
            case PARTIAL -> parts();
        };
    }

    private String parts() {
        StringJoiner parts = new StringJoiner(" ");
        for (int i = 0; i < ranges.count(); i++) {
            parts.add(ranges.start(i) + "-" + (ranges.end(i) - 1));
        }
        return parts.toString();
    }

    /// The examples of 14.1.2, on 10000 bytes.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-499 | 0-499",
                "bytes=500-999 | 500-999",
                "bytes=-500 | 9500-9999",
                "bytes=9500- | 9500-9999",
                "bytes=0-0,-1 | 0-0 9999-9999",
                "bytes= 0-999, 4500-5499, -1000 | 0-999 4500-5499 9000-9999",
                "bytes=500-600,601-999 | 500-999",
                "bytes=500-700,601-999 | 500-999"
            })
    void readsTheExamplesOfTheRfc(String value, String answer) {
        assertEquals(answer, answer(10_000, "Range: " + value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0- | 0-999",
                "bytes=0-999 | 0-999",
                "bytes=0-1000 | 0-999",
                "bytes=999- | 999-999",
                "bytes=999-999 | 999-999",
                "bytes=1000- | 416",
                "bytes=1000-2000 | 416",
                "bytes=-1 | 999-999",
                "bytes=-1000 | 0-999",
                "bytes=-1001 | 0-999",
                "bytes=-0 | 416",
                "bytes=1000-,2000- | 416",
                "bytes=-0,1000- | 416",
                "bytes=1000-,5-6 | 5-6",
                "bytes=5-6,-0 | 5-6",
                "BYTES=5-6 | 5-6",
                "bYtEs=5-6 | 5-6",
                "bytes=005-0006 | 5-6",
                "bytes=5-6, | 5-6",
                "bytes=,,5-6,,, | 5-6",
                "bytes=5-6 \t, \t700-800 | 5-6 700-800"
            })
    void readsWhatIsValid(String value, String answer) {
        assertEquals(answer, answer(1000, "Range: " + value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` |",
                "bytes |",
                "bytes= |",
                "bytes=, |",
                "bytes=- |",
                "bytes=5 |",
                "bytes=a-b |",
                "bytes=0-b |",
                "bytes=a-1 |",
                "bytes=1-0 |",
                "bytes=0-1,1-0 |",
                "bytes=--1 |",
                "bytes=-1- |",
                "bytes=0-1-2 |",
                "bytes=+0-1 |",
                "bytes=0x0-0x1 |",
                "bytes=0 -1 |",
                "bytes=0- 1 |",
                "bytes=0-1 2-3 |",
                "bytes=0-1;2-3 |",
                "bytes =0-1 |",
                "bytes:0-1 |",
                "byte=0-1 |",
                "bytess=0-1 |",
                "items=0-1 |",
                "none |",
                "bytes=0-1, bytes=2-3 |",
                "bytes=0-1,x |",
                "bytes=x,0-1 |",
                "bytes=5000-4000 |",
                "bytes=0-1\u00a0 |"
            })
    void ignoresWhatIsMalformedOrInAnotherUnit(String value) {
        assertEquals("200", answer(1000, "Range: " + value));
    }

    @Test
    void ignoresARangeThatIsSentTwice() {
        assertEquals("200", answer(1000, "Range: bytes=0-1", "Range: bytes=0-1"));
    }

    @ParameterizedTest
    @EnumSource(names = "GET", mode = EnumSource.Mode.EXCLUDE)
    void countsWithGetOnly(Method method) {
        assertEquals(Outcome.WHOLE, select(method, CURRENT, 1000, "Range: bytes=0-1"));
        assertEquals(Outcome.WHOLE, select(method, CURRENT, 1000, "Range: bytes=1000-"));
    }

    @Test
    void anEmptyFileHasNoParts() {
        for (String value : new String[] {"0-", "0-0", "-1", "-0", "5-"}) {
            assertEquals("200", answer(0, "Range: bytes=" + value));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0-2147483648, 0-2147483648",
        "2147483647-2147483648, 2147483647-2147483648",
        "4294967296-4294967299, 4294967296-4294967299",
        "-4294967297, 1073741823-5368709119",
        "5368709119-, 5368709119-5368709119",
        "5368709120-, 416",
        "0-9223372036854775807, 0-5368709119",
        "0-9223372036854775808, 0-5368709119",
        "0-99999999999999999999999999999999999999, 0-5368709119",
        "5-18446744073709551620, 5-5368709119",
        "-99999999999999999999999999999999999999, 0-5368709119",
        "9223372036854775808-, 416",
        "18446744073709551616-, 416",
        "18446744073709551616-18446744073709551617, 416"
    })
    void readsNumbersOfAnySize(String value, String answer) {
        assertEquals(answer, answer(5L << 30, "Range: bytes=" + value));
    }

    @Test
    void readsRangesOfTheGreatestFile() {
        long size = Long.MAX_VALUE;
        assertEquals("0-" + (size - 1), answer(size, "Range: bytes=0-"));
        assertEquals((size - 1) + "-" + (size - 1), answer(size, "Range: bytes=-1"));
        assertEquals("416", answer(size, "Range: bytes=" + size + "-"));
    }

    /// 15.3.7.2.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0-9,5-19 | 0-19",
                "5-19,0-9 | 0-19",
                "0-9,10-19 | 0-19",
                "0-99,10-19 | 0-99",
                "10-19,0-99 | 0-99",
                "0-9,90-99 | 0-99",
                "0-9,91-99 | 0-9 91-99",
                "91-99,0-9 | 91-99 0-9",
                "90-99,0-9 | 0-99",
                "500-509,0-9,600-609 | 500-509 0-9 600-609",
                "0-9,300-309,150-159,-1 | 0-9 300-309 150-159 999-999",
                "0-9,300-309,10-299 | 0-309",
                "300-309,0-9,600-609,90-220 | 0-309 600-609",
                "0-,0-,0-,0- | 0-999",
                "0-0,0-0,2-2,4-4,6-6 | 0-6",
                "-500,0- | 0-999"
            })
    void joinsWhatOverlapsOrIsNear(String value, String answer) {
        assertEquals(answer, answer(1000, "Range: bytes=" + value));
    }

    /// 17.15, and CVE-2011-3192.
    @Test
    void ignoresMoreRangesThanItsBound() {
        StringJoiner wide = new StringJoiner(",", "Range: bytes=", "");
        for (int i = 0; i < ByteRanges.RANGES_MAX; i++) wide.add(i * 1000 + "-" + i * 1000);
        String most = answer(1_000_000, wide.toString());
        assertEquals(ByteRanges.RANGES_MAX, most.split(" ", -1).length);
        assertEquals("200", answer(1_000_000, wide + ",999000-999000"));
        assertEquals("200", answer(1_000_000, "Range: bytes=" + "0-,".repeat(5000)));
        assertEquals("200", answer(1_000_000, "Range: bytes=" + "9999999-,".repeat(5000)));
        assertEquals("5-5", answer(1_000_000, "Range: bytes=" + ",".repeat(50_000) + "5-5"));
    }

    /// Parts are disjoint and far apart, cover what was asked for, and no more than the gaps that
    /// are not worth another part.
    @Test
    void agreesWithASetOfBytes() {
        long seed = Seed.next();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            int size = 1 + random.nextInt(3000);
            int count = 1 + random.nextInt(8);
            BitSet wanted = new BitSet();
            StringJoiner value = new StringJoiner(",", "Range: bytes=", "");
            List<Integer> firsts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int first = random.nextInt(size + 100);
                int last = first + random.nextInt(200);
                value.add(first + "-" + last);
                wanted.set(Math.min(first, size), Math.min(last + 1, size));
                if (first < size) firsts.add(first);
            }
            String message = "seed=" + seed + ", size=" + size + ", " + value;
            String answer = answer(size, value.toString());
            if (wanted.isEmpty()) {
                assertEquals("416", answer, message);
                continue;
            }
            assertEquals(joined(wanted), covered(), message);
            assertTrue(ranges.start(0) <= firsts.get(0), message);
            assertTrue(ranges.end(0) > firsts.get(0), message);
        }
    }

    private static BitSet joined(BitSet wanted) {
        BitSet joined = (BitSet) wanted.clone();
        for (int end = wanted.nextClearBit(wanted.nextSetBit(0)); ; ) {
            int next = wanted.nextSetBit(end);
            if (next < 0) return joined;
            if (next - end <= ByteRanges.GAP_BYTES) joined.set(end, next);
            end = wanted.nextClearBit(next);
        }
    }

    private BitSet covered() {
        BitSet covered = new BitSet();
        for (int i = 0; i < ranges.count(); i++) {
            int start = (int) ranges.start(i);
            int end = (int) ranges.end(i);
            assertTrue(start < end);
            assertTrue(covered.get(start, end).isEmpty(), "parts overlap");
            covered.set(start, end);
        }
        return covered;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"current\" | 5-6",
                DATE + " | 5-6",
                "\"other\" | 200",
                "W/\"current\" | 200",
                "\"current\", \"other\" | 200",
                "* | 200",
                "current | 200",
                "`` | 200",
                "Sun, 06 Nov 1994 08:49:36 GMT | 200",
                "Sun, 06 Nov 1994 08:49:38 GMT | 200",
                "Sunday, 06-Nov-94 08:49:37 GMT | 200",
                "Sun Nov  6 08:49:37 1994 | 200"
            })
    void countsOnlyIfIfRangeHolds(String condition, String answer) {
        assertEquals(answer, answer(1000, "Range: bytes=5-6", "If-Range: " + condition));
        boolean holds = !answer.equals("200");
        assertEquals(
                holds ? "416" : "200",
                answer(1000, "If-Range: " + condition, "Range: bytes=1000-"));
    }

    @Test
    void ifRangeTwiceDoesNotHold() {
        String ifRange = "If-Range: \"current\"";
        assertEquals("200", answer(1000, "Range: bytes=5-6", ifRange, ifRange));
    }

    @Test
    void ifRangeAloneMeansNothing() {
        assertEquals("200", answer(1000, "If-Range: \"current\""));
    }

    @Test
    void aWeakTagOfOursIsNoConditionForRanges() {
        Validators weak = Validators.of(EntityTag.weak("current"), MODIFIED);
        for (String condition : new String[] {"\"current\"", "W/\"current\""}) {
            String[] lines = {"Range: bytes=5-6", "If-Range: " + condition};
            assertEquals(Outcome.WHOLE, select(Method.GET, weak, 1000, lines));
        }
    }

    /// 8.8.2.2: within its second a date may stand for two states.
    @Test
    void aDateIsNoConditionWithinItsSecond() {
        Validators fresh = Validators.of(EntityTag.weak("current"), NOW);
        String date = "Mon, 21 Sep 2026 14:13:20 GMT";
        try (SentFields sent = SentFields.of("Range: bytes=5-6", "If-Range: " + date)) {
            Method get = Method.GET;
            assertEquals(Outcome.WHOLE, ranges.select(sent.fields(), get, fresh, 1000, NOW));
            assertEquals(Outcome.PARTIAL, ranges.select(sent.fields(), get, fresh, 1000, NOW + 1));
        }
    }

    @Test
    void allocatesNothing() {
        String[] values = {"bytes=0-", "bytes=100-200", "bytes=0-0,500-500,-1", "bytes=9999-", "x"};
        for (String value : values) {
            try (SentFields sent = SentFields.of("If-Range: \"current\"", "Range: " + value)) {
                long bytes =
                        AllocatedBytes.steady(
                                () -> {
                                    for (int i = 0; i < 20_000; i++) {
                                        ranges.select(
                                                sent.fields(), Method.GET, CURRENT, 1000, NOW);
                                    }
                                });
                assertEquals(0, bytes, value);
            }
        }
    }
}
