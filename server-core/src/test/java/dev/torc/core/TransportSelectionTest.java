package dev.torc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.torc.core.TransportChoice.PassedOver;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.Transport;
import dev.torc.core.spi.TransportProvider;

import org.junit.jupiter.api.Test;

import java.util.List;

class TransportSelectionTest {
    private static final TransportProvider FAST = provider("fast", works("a ring"));
    private static final TransportProvider PLAIN = provider("plain", works("selectors"));
    private static final TransportProvider REFUSED =
            provider("refused", refused("setup: EPERM", "allow it", false));
    private static final TransportProvider EXHAUSTED =
            provider("exhausted", refused("setup: EMFILE", "raise the limit", true));

    @Test
    void autoTakesTheBestThatWorks() {
        TransportSelection selection = TransportSelection.of("auto", List.of(FAST, PLAIN));
        assertEquals(FAST, selection.provider());
        assertEquals(new TransportChoice("fast", "a ring", List.of()), selection.choice());
        assertEquals("fast: a ring", selection.choice().toString());
    }

    @Test
    void autoPassesOverWhatIsRefusedAndSaysWhy() {
        TransportSelection selection = TransportSelection.of("auto", List.of(REFUSED, PLAIN));
        assertEquals(PLAIN, selection.provider());
        TransportChoice choice = selection.choice();
        assertEquals("plain", choice.name());
        assertEquals("selectors", choice.reason());
        assertEquals(
                List.of(new PassedOver("refused", "setup: EPERM", "allow it")),
                choice.passedOver());
        assertEquals("plain: refused was passed over: setup: EPERM; allow it", choice.toString());
    }

    @Test
    void autoDoesNotHideThatAResourceIsExhausted() {
        StartException refusal = refusal("auto", EXHAUSTED, PLAIN);
        assertEquals("setup: EMFILE; raise the limit", refusal.getMessage());
    }

    @Test
    void anExhaustedTransportThatIsNotTheBestIsNotAskedFor() {
        TransportSelection selection = TransportSelection.of("auto", List.of(FAST, EXHAUSTED));
        assertEquals(FAST, selection.provider());
    }

    @Test
    void autoSaysOfEachTransportWhyNoneWorks() {
        TransportProvider other = provider("other", refused("no Linux", "", false));
        assertEquals(
                "no transport works here: refused: setup: EPERM; allow it. other: no Linux",
                refusal("auto", REFUSED, other).getMessage());
    }

    @Test
    void aNamedTransportIsTakenThoughABetterOneWorks() {
        TransportSelection selection = TransportSelection.of("plain", List.of(FAST, PLAIN));
        assertEquals(PLAIN, selection.provider());
        assertEquals("plain: selectors", selection.choice().toString());
    }

    @Test
    void aNamedTransportMustWork() {
        assertEquals("setup: EPERM; allow it", refusal("refused", REFUSED, PLAIN).getMessage());
        assertEquals(
                "setup: EMFILE; raise the limit",
                refusal("exhausted", EXHAUSTED, PLAIN).getMessage());
    }

    @Test
    void anUnknownNameIsAnsweredWithTheKnownOnes() {
        assertEquals(
                "there is no transport 'steam': choose auto, fast, plain",
                refusal("steam", FAST, PLAIN).getMessage());
    }

    private static StartException refusal(String name, TransportProvider... known) {
        return assertThrows(
                StartException.class, () -> TransportSelection.of(name, List.of(known)));
    }

    private static TransportProvider.Verdict works(String reason) {
        return new TransportProvider.Verdict(true, reason, List.of());
    }

    private static TransportProvider.Verdict refused(
            String reason, String remedy, boolean exhausted) {
        return new TransportProvider.Verdict(false, reason, remedy, exhausted, List.of());
    }

    private static TransportProvider provider(String name, TransportProvider.Verdict verdict) {
        return new TestProvider(name, verdict);
    }

    /// A transport of these tests: it has a verdict, and no server is started on it.
    private record TestProvider(String name, Verdict verdict) implements TransportProvider {
        @Override
        public int rank() {
            return 1;
        }

        @Override
        public Transport open(
                Shard shard, ServerConfig config, ConnectionHandler.Factory handlers) {
            throw new AssertionError("nothing is started here");
        }
    }
}
