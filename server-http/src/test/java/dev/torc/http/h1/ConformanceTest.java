package dev.torc.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.HttpLimits;
import dev.torc.http.h1.Conversation.Outcome;
import dev.torc.testkit.Seed;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Every case of the corpus: its verdict when it arrives whole, and the same outcome however it is
/// split.
class ConformanceTest {
    private static final HttpLimits LIMITS = HttpLimits.defaults();
    private static final List<CorpusCase> CASES = CorpusCase.readAll();
    private static final int EVERY_SPLIT_BYTES_MAX = 1200;
    private static final int BYTE_BY_BYTE_MAX = 20_000;

    /// Well-formed requests, whose refusal is the semantics' business.
    private static final Set<String> DECIDED_ABOVE =
            Set.of(
                    // RFC 9110 section 9.3.6: CONNECT is well-formed here, and 501 unless handled
                    "method.connect",
                    "method.connect-pipelined",
                    "misc.llhttp-connect-request",
                    "misc.llhttp-connect-request-with-caps",
                    "cl.llhttp-connect-with-body",
                    "host.llhttp-underscore-in-hostname",
                    // RFC 9110 section 7.4: only the connection knows whether it is secured
                    "target.https-on-clear");

    /// Cases that may go either way where Torc differs from the strict server the corpus imagines.
    private static final Set<String> OTHER_BRANCH =
            Set.of(
                    // RFC 9110 section 6.5.1: framing fields must not be in trailers; ours are
                    // refused
                    "trailer.cl",
                    "trailer.te",
                    // the default limit is 16 KiB for a head
                    "limit.cookie-16k");

    @TestFactory
    Stream<DynamicTest> judgesEveryCaseAsTheRfcDoes() {
        return CASES.stream().map(test -> DynamicTest.dynamicTest(test.id(), () -> judge(test)));
    }

    @TestFactory
    Stream<DynamicTest> comesToTheSameOutcomeHoweverTheInputIsSplit() {
        return CASES.stream().map(test -> DynamicTest.dynamicTest(test.id(), () -> split(test)));
    }

    private static void judge(CorpusCase test) {
        Outcome outcome = Conversation.play(test.bytes(), LIMITS);
        int answered = outcome.bodies().size();
        boolean refused = outcome.status() != 0;
        boolean accepted = !refused || test.allowsAnswer(answered, outcome.status());
        String message = test.id() + ": " + outcome + "\n" + test.rationale();
        if (DECIDED_ABOVE.contains(test.id())) {
            assertEquals(0, outcome.status(), message);
            return;
        }
        if (test.kind().equals("either")) {
            boolean preferred = test.preferred().equals("reject") ? refused : accepted;
            assertEquals(!OTHER_BRANCH.contains(test.id()), preferred, message);
        } else {
            assertTrue(test.kind().equals("reject") ? refused : accepted, message);
        }
        if (!accepted) {
            assertTrue(test.allowsRefusal(outcome.status()), message);
            assertTrue(test.mayPrecede(answered), message);
        } else if (!refused) {
            accept(test, outcome, message);
        }
    }

    private static void accept(CorpusCase test, Outcome outcome, String message) {
        if (test.responses() >= 0) assertEquals(test.responses(), outcome.bodies().size(), message);
        for (int i = 0; i < outcome.bodies().size(); i++) {
            String echo = test.echo(i);
            if (echo != null) assertEquals(echo, outcome.bodies().get(i), message);
        }
        if (test.closes() != null) assertEquals(test.closes(), outcome.closed(), message);
    }

    private static void split(CorpusCase test) {
        byte[] input = test.bytes();
        Outcome whole = Conversation.play(input, LIMITS);
        if (input.length <= EVERY_SPLIT_BYTES_MAX) {
            for (int cut = 1; cut < input.length; cut++) {
                assertEquals(whole, Conversation.play(input, LIMITS, cut), "cut at " + cut);
            }
        }
        if (input.length <= BYTE_BY_BYTE_MAX) {
            int[] everywhere = IntStream.range(1, input.length).toArray();
            assertEquals(whole, Conversation.play(input, LIMITS, everywhere), "byte by byte");
        }
        long seed = Seed.next();
        Random random = new Random(seed);
        for (int round = 0; round < 4 && input.length > 1; round++) {
            int[] cuts = random.ints(1 + random.nextInt(8), 1, input.length).sorted().toArray();
            assertEquals(
                    whole,
                    Conversation.play(input, LIMITS, cuts),
                    () -> "seed " + seed + ", cuts " + Arrays.toString(cuts));
        }
    }
}
