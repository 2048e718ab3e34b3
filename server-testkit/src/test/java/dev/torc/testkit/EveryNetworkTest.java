package dev.torc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.torc.core.StartException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

class EveryNetworkTest {
    /// What the inner classes have been through.
    private static final List<String> LOG = new CopyOnWriteArrayList<>();

    private static EngineExecutionResults run(Class<?> testClass) {
        LOG.clear();
        return EngineTestKit.engine("junit-jupiter").selectors(selectClass(testClass)).execute();
    }

    @EveryNetwork
    static class OnEveryNetwork {
        @Parameter Network network;

        @Test
        void meetsANetwork() {
            LOG.add(network.toString());
        }
    }

    @Test
    void runsAClassOnEachNetworkThatWorks() {
        String restriction = System.getProperty("torc.test.network", "");
        List<String> expected =
                Networks.named(restriction, Networks.all()).stream()
                        .filter(network -> network.transport().verdict().works())
                        .map(Network::toString)
                        .toList();
        run(OnEveryNetwork.class).allEvents().assertStatistics(statistics -> statistics.failed(0));
        assertEquals(expected, List.copyOf(LOG));
    }

    @EveryNetwork(real = true)
    static class OnEveryRealNetwork {
        @Parameter Network network;

        @Test
        void meetsANetwork() {
            LOG.add(network.toString());
        }
    }

    @Test
    void skipsNetworksThatNoOtherProgramReaches() {
        String restriction = System.getProperty("torc.test.network", "");
        List<String> expected =
                Networks.named(restriction, Networks.all()).stream()
                        .filter(Network::isReal)
                        .filter(network -> network.transport().verdict().works())
                        .map(Network::toString)
                        .toList();
        run(OnEveryRealNetwork.class)
                .allEvents()
                .assertStatistics(statistics -> statistics.failed(0));
        assertEquals(expected, List.copyOf(LOG));
    }

    @Test
    void knowsEveryTransportOfTheProject() {
        List<String> names = Networks.all().stream().map(Network::toString).toList();
        assertTrue(names.contains("uring"), names::toString);
    }

    @Test
    void aPropertyRestrictsTheNetworks() {
        Network one = new Loopback(new BrokenTransport("one", false));
        Network other = new Loopback(new BrokenTransport("other", false));
        List<Network> both = List.of(one, other);
        assertEquals(both, Networks.named("", both));
        assertEquals(List.of(other), Networks.named("other", both));
        assertEquals(List.of(other, one), Networks.named("other, one", both));
        StartException unknown =
                assertThrows(StartException.class, () -> Networks.named("third", both));
        assertEquals(
                "-Dtorc.test.network: there is no 'third' in [one, other]", unknown.getMessage());
    }

    static Stream<Network> broken() {
        return Stream.of(new Loopback(new BrokenTransport("broken", false)));
    }

    @ParameterizedClass
    @MethodSource("dev.torc.testkit.EveryNetworkTest#broken")
    @ExtendWith(NetworkProbe.class)
    static class OnABrokenNetwork {
        @Parameter Network network;

        @BeforeParameterizedClassInvocation
        static void start() {
            LOG.add("started");
        }

        @Test
        void meetsANetwork() {
            LOG.add(network.toString());
        }
    }

    @Test
    void skipsWhatCannotWorkAndSaysWhy() {
        EngineExecutionResults results = run(OnABrokenNetwork.class);
        results.allEvents().assertStatistics(statistics -> statistics.aborted(1).failed(0));
        assertTrue(
                results.allEvents().aborted().stream()
                        .allMatch(
                                event ->
                                        event.getPayload()
                                                .toString()
                                                .contains("is missing; get one")));
        assertEquals(List.of(), List.copyOf(LOG));
    }
}
