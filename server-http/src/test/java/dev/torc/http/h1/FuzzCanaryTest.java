package dev.torc.http.h1;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.FuzzRun;
import dev.torc.http.FuzzTarget;
import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.function.Consumer;

/// The short runs would see a defect: each finds a twin that is wrong on purpose.
class FuzzCanaryTest {
    @Test
    void seesAHeadWithASpaceBeforeTheColonAccepted() {
        isSeen(
                new RequestParserFuzzTest().seeds(),
                input ->
                        RequestParserFuzzTest.compare(
                                input,
                                (text, limits) ->
                                        NaiveParser.parse(text.replace(" :", "_:"), limits)));
    }

    @Test
    void seesALimitThatIsOneByteTooSmall() {
        isSeen(
                RequestParserFuzzTest.atLimits(),
                input ->
                        RequestParserFuzzTest.compare(
                                input,
                                (text, limits) ->
                                        NaiveParser.parse(
                                                text,
                                                limits.withRequestLineBytesMax(
                                                        limits.requestLineBytesMax() - 1))));
    }

    @Test
    void seesABareLineFeedBehindAChunkSize() {
        isSeen(
                new BodyDecoderFuzzTest().seeds(),
                input ->
                        BodyDecoderFuzzTest.compare(
                                input,
                                (text, limits) ->
                                        NaiveBody.chunked(
                                                text.replaceAll("(?<=[0-9a-f])\n", "\r\n"),
                                                limits)));
    }

    private static void isSeen(List<byte[]> seeds, Consumer<byte[]> check) {
        FuzzRun run = new FuzzRun(seeds, check);
        AssertionError seen =
                assertThrows(
                        AssertionError.class, () -> run.mutate(Seed.next(), FuzzTarget.EXECUTIONS));
        assertTrue(String.valueOf(seen.getMessage()).startsWith("seed "), seen::getMessage);
    }
}
