package dev.torc.standalone.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.Transport;
import dev.torc.core.spi.TransportProvider;
import dev.torc.standalone.doctor.Finding.State;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class TransportFindingsTest {
    private static final TransportProvider REFUSED =
            new TestProvider(
                    "ring",
                    new TransportProvider.Verdict(false, "EPERM", "allow it", false, List.of()));
    private static final TransportProvider WORKS =
            new TestProvider("plain", new TransportProvider.Verdict(true, "selectors", List.of()));

    private static List<Finding> findings(
            String asked, Optional<String> chosen, TransportProvider... installed) {
        ServerConfig config = ServerConfig.defaults().withTransport(asked);
        return new TransportFindings(List.of(installed), config, chosen).section().findings();
    }

    @Test
    void whatAutoPassesOverIsAWarning() {
        assertEquals(
                List.of(
                        Finding.ok("chosen", "plain", ""),
                        Finding.warning("ring", "EPERM", "", "allow it"),
                        Finding.ok("plain", "selectors", "")),
                findings("auto", Optional.of("plain"), REFUSED, WORKS));
    }

    @Test
    void whatNobodyAskedForIsANote() {
        assertEquals(
                List.of(State.OK, State.NOTE, State.OK),
                findings("plain", Optional.of("plain"), REFUSED, WORKS).stream()
                        .map(Finding::state)
                        .toList());
    }

    @Test
    void whatWasAskedForAndIsRefusedIsAShortfall() {
        assertEquals(
                List.of(
                        Finding.shortfall("chosen", "none", "ring", ""),
                        Finding.shortfall("ring", "EPERM", "", "allow it"),
                        Finding.ok("plain", "selectors", "")),
                findings("ring", Optional.empty(), REFUSED, WORKS));
        assertEquals(
                List.of(State.SHORTFALL, State.SHORTFALL),
                findings("auto", Optional.empty(), REFUSED).stream().map(Finding::state).toList());
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
