package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.http.AllocatedBytes;
import dev.torc.http.Method;
import dev.torc.http.file.Preconditions.Outcome;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PreconditionsTest {
    private static final long NOW = 1_790_000_000L;
    private static final long MODIFIED = 784_111_777L;
    private static final String DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final String EARLIER = "Sun, 06 Nov 1994 08:49:36 GMT";
    private static final String LATER = "Sun, 06 Nov 1994 08:49:38 GMT";
    private static final Validators CURRENT = Validators.of(EntityTag.strong("current"), MODIFIED);

    private final Preconditions preconditions = new Preconditions();

    private Outcome judge(Method method, @Nullable Validators current, String... lines) {
        try (SentFields sent = SentFields.of(lines)) {
            return preconditions.judge(sent.fields(), method, current, NOW);
        }
    }

    private void assertOutcome(Outcome expected, Method method, String... lines) {
        assertEquals(expected, judge(method, CURRENT, lines), String.join("; ", lines));
    }

    @ParameterizedTest
    @EnumSource
    void withoutConditionsProceeds(Method method) {
        assertOutcome(Outcome.PROCEED, method, "Host: a", "X-If-Match: \"b\"", "Range: bytes=0-1");
        assertOutcome(Outcome.PROCEED, method, "If: (<x>)", "If-Range: \"b\"", "If-Other: x");
    }

    /// 13.1.1: strong comparison.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"current\" | PROCEED",
                "\"other\", \"current\" | PROCEED",
                "* | PROCEED",
                "W/\"current\" | FAILED",
                "\"other\" | FAILED",
                "`` | FAILED",
                "current | FAILED"
            })
    void ifMatchWantsTheSame(String value, Outcome outcome) {
        assertOutcome(outcome, Method.GET, "If-Match: " + value);
        assertOutcome(outcome, Method.HEAD, "If-Match: " + value);
    }

    @ParameterizedTest
    @EnumSource(names = {"PUT", "DELETE", "POST", "PATCH"})
    void whatChangesSomethingIsHeldToItsConditions(Method method) {
        assertOutcome(Outcome.PROCEED, method, "If-Match: \"current\"");
        assertOutcome(Outcome.FAILED, method, "If-Match: \"other\"");
        assertOutcome(Outcome.FAILED, method, "If-Match: W/\"current\"");
        assertOutcome(Outcome.FAILED, method, "If-None-Match: *");
        assertOutcome(Outcome.FAILED, method, "If-None-Match: W/\"current\"");
        assertOutcome(Outcome.PROCEED, method, "If-None-Match: \"other\"");
        assertOutcome(Outcome.FAILED, method, "If-Unmodified-Since: " + EARLIER);
        assertOutcome(Outcome.PROCEED, method, "If-Unmodified-Since: " + DATE);
    }

    @ParameterizedTest
    @EnumSource(names = {"PUT", "DELETE", "POST", "PATCH", "OTHER"})
    void whatChangesSomethingIsRefusedOnTagsThatAreMalformed(Method method) {
        assertOutcome(Outcome.MALFORMED, method, "If-Match: current");
        assertOutcome(Outcome.MALFORMED, method, "If-Match: \"current\", *");
        assertOutcome(Outcome.MALFORMED, method, "If-None-Match: current");
        assertOutcome(Outcome.MALFORMED, method, "If-None-Match: *, \"other\"");
        assertOutcome(Outcome.MALFORMED, method, "If-Match: *", "If-None-Match: x");
        assertOutcome(Outcome.FAILED, method, "If-Match: \"other\"", "If-None-Match: x");
    }

    /// 13.1.2: weak comparison.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"current\" | NOT_MODIFIED",
                "W/\"current\" | NOT_MODIFIED",
                "\"other\", W/\"current\" | NOT_MODIFIED",
                "* | NOT_MODIFIED",
                "\"other\" | PROCEED",
                "`` | PROCEED",
                "current | PROCEED",
                "*, \"other\" | PROCEED",
                "x, \"current\" | NOT_MODIFIED"
            })
    void ifNoneMatchWantsSomethingElse(String value, Outcome outcome) {
        assertOutcome(outcome, Method.GET, "If-None-Match: " + value);
        assertOutcome(outcome, Method.HEAD, "If-None-Match: " + value);
        assertOutcome(outcome, Method.GET, "if-none-match: ,", "IF-NONE-MATCH: " + value);
    }

    @Test
    void anUploadUnderANewNameCanBeConfinedToThat() {
        assertEquals(Outcome.PROCEED, judge(Method.PUT, null, "If-None-Match: *"));
        assertEquals(Outcome.PROCEED, judge(Method.PUT, null, "If-None-Match: \"a\""));
        assertEquals(Outcome.FAILED, judge(Method.PUT, null, "If-Match: *"));
        assertEquals(Outcome.FAILED, judge(Method.PUT, null, "If-Match: \"a\""));
        assertEquals(Outcome.PROCEED, judge(Method.PUT, null, "If-Unmodified-Since: " + DATE));
        assertEquals(Outcome.PROCEED, judge(Method.GET, null, "If-Modified-Since: " + DATE));
    }

    /// 13.1.3.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                DATE + " | NOT_MODIFIED",
                LATER + " | NOT_MODIFIED",
                EARLIER + " | PROCEED",
                "Sunday, 06-Nov-94 08:49:37 GMT | NOT_MODIFIED",
                "Sunday, 06-Nov-94 08:49:36 GMT | PROCEED",
                "Sun Nov  6 08:49:37 1994 | NOT_MODIFIED",
                "Sun, 06 Nov 2094 08:49:37 GMT | PROCEED",
                "Sat, 06 Nov 2094 08:49:37 GMT | NOT_MODIFIED",
                "Mon, 06 Nov 1994 08:49:37 GMT | PROCEED",
                "Sun, 06 Nov 1994 08:49:37 UTC | PROCEED",
                "1994-11-06 | PROCEED",
                "0 | PROCEED",
                "\"current\" | PROCEED"
            })
    void ifModifiedSinceWantsSomethingNewer(String date, Outcome outcome) {
        assertOutcome(outcome, Method.GET, "If-Modified-Since: " + date);
        assertOutcome(outcome, Method.HEAD, "If-Modified-Since: " + date);
        assertOutcome(Outcome.PROCEED, Method.POST, "If-Modified-Since: " + date);
        assertOutcome(Outcome.PROCEED, Method.PUT, "If-Modified-Since: " + date);
    }

    /// 13.1.4.
    @Test
    void ifUnmodifiedSinceWantsNothingNewer() {
        assertOutcome(Outcome.PROCEED, Method.GET, "If-Unmodified-Since: " + DATE);
        assertOutcome(Outcome.PROCEED, Method.GET, "If-Unmodified-Since: " + LATER);
        assertOutcome(Outcome.FAILED, Method.GET, "If-Unmodified-Since: " + EARLIER);
        assertOutcome(Outcome.PROCEED, Method.GET, "If-Unmodified-Since: yesterday");
    }

    /// 13.1.3 and 13.1.4: a field value with more than one member is ignored.
    @Test
    void aDateThatIsSentTwiceIsIgnored() {
        String since = "If-Modified-Since: ";
        String unmodified = "If-Unmodified-Since: ";
        assertOutcome(Outcome.PROCEED, Method.GET, since + DATE, since + DATE);
        assertOutcome(Outcome.PROCEED, Method.GET, since + DATE + ", " + DATE);
        assertOutcome(Outcome.PROCEED, Method.GET, unmodified + EARLIER, unmodified + EARLIER);
    }

    /// 13.2.2.
    @Test
    void conditionsAreJudgedInTheirOrder() {
        String[] all = {
            "If-Modified-Since: " + EARLIER,
            "If-None-Match: \"current\"",
            "If-Unmodified-Since: " + EARLIER,
            "If-Match: \"current\""
        };
        assertOutcome(Outcome.NOT_MODIFIED, Method.GET, all);
        assertOutcome(
                Outcome.FAILED, Method.GET, "If-None-Match: \"current\"", "If-Match: \"other\"");
        assertOutcome(
                Outcome.FAILED,
                Method.GET,
                "If-None-Match: \"current\"",
                "If-Unmodified-Since: " + EARLIER);
        assertOutcome(
                Outcome.NOT_MODIFIED,
                Method.GET,
                "If-None-Match: \"current\"",
                "If-Unmodified-Since: " + DATE);
        assertOutcome(
                Outcome.NOT_MODIFIED,
                Method.GET,
                "If-Modified-Since: " + DATE,
                "If-Match: \"current\"");
    }

    @Test
    void tagsOverruleDates() {
        assertOutcome(
                Outcome.PROCEED,
                Method.GET,
                "If-None-Match: \"other\"",
                "If-Modified-Since: " + LATER);
        assertOutcome(
                Outcome.PROCEED,
                Method.GET,
                "If-Match: \"current\"",
                "If-Unmodified-Since: " + EARLIER);
        // also if they are malformed: the field is there (13.2.2)
        assertOutcome(
                Outcome.PROCEED, Method.GET, "If-None-Match: x", "If-Modified-Since: " + LATER);
    }

    @Test
    void aWeakTagOfOursNeverMatchesStrongly() {
        Validators weak = Validators.of(EntityTag.weak("current"), MODIFIED);
        assertEquals(Outcome.FAILED, judge(Method.PUT, weak, "If-Match: W/\"current\""));
        assertEquals(Outcome.FAILED, judge(Method.PUT, weak, "If-Match: \"current\""));
        assertEquals(Outcome.PROCEED, judge(Method.PUT, weak, "If-Match: *"));
        assertEquals(Outcome.NOT_MODIFIED, judge(Method.GET, weak, "If-None-Match: \"current\""));
    }

    @Test
    void whatBrowsersSendAllocatesNothing() {
        String[][] requests = {
            {"Host: a", "User-Agent: b", "Accept: */*", "Accept-Encoding: gzip"},
            {"Host: a", "If-None-Match: W/\"x\", \"current\"", "If-Modified-Since: " + DATE},
            {"Host: a", "If-Modified-Since: " + DATE},
            {"Host: a", "If-Match: \"current\"", "If-Unmodified-Since: " + DATE}
        };
        for (String[] lines : requests) {
            try (SentFields sent = SentFields.of(lines)) {
                long bytes =
                        AllocatedBytes.steady(
                                () -> {
                                    for (int i = 0; i < 20_000; i++) {
                                        preconditions.judge(
                                                sent.fields(), Method.GET, CURRENT, NOW);
                                    }
                                });
                assertEquals(0, bytes, lines[1]);
            }
        }
    }
}
