package dev.torc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.torc.core.RunningServer;
import dev.torc.core.Server;
import dev.torc.core.ServerConfig;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Runs the test classes inside of this one, as a user's would be run.
class TorcExtensionTest {
    /// The servers that the inner classes have met, in order.
    private static final List<RunningServer> MET = new ArrayList<>();

    private static boolean works() {
        return Network.loopbacks().stream()
                .anyMatch(network -> network.transport().verdict().works());
    }

    @BeforeEach
    void probe() {
        assumeTrue(works(), "no transport works here");
        MET.clear();
    }

    private static EngineExecutionResults run(Class<?> testClass) {
        return EngineTestKit.engine("junit-jupiter").selectors(selectClass(testClass)).execute();
    }

    /// Runs a class that must fail as a whole or in a test; says with what.
    private static String failure(Class<?> testClass) {
        String all =
                run(testClass).allEvents().failed().stream()
                        .map(Event::getPayload)
                        .map(String::valueOf)
                        .collect(Collectors.joining("\n"));
        assertNotEquals("", all, "nothing failed");
        return all;
    }

    private static void assertContains(String part, String all) {
        assertTrue(all.contains(part), all);
    }

    private static void assertAllSucceed(int tests, EngineExecutionResults results) {
        results.allEvents().assertStatistics(statistics -> statistics.failed(0).aborted(0));
        results.testEvents().assertStatistics(statistics -> statistics.succeeded(tests));
    }

    @TorcTest
    static class Shared {
        private final RunningServer server;
        private final TestClient client;

        Shared(RunningServer server, TestClient client) {
            this.server = server;
            this.client = client;
        }

        @Served
        static Server serve(ServerConfig config) {
            return Answering.start(config);
        }

        @Test
        void takesWhatItNeeds(Server typed, TestClient one, TestClient other) throws IOException {
            assertSame(server, typed);
            for (TestClient each : List.of(one, other, client)) {
                assertEquals("ok", each.get("/").text());
            }
            MET.add(typed);
        }

        @Test
        void hasTheSameServerAsTheOthers(RunningServer any) throws IOException {
            assertEquals("ok", client.get("/").text());
            MET.add(any);
        }

        @Nested
        class Inner {
            @Test
            void hasTheServerOfItsOuterClass(Server typed, TestClient own) throws IOException {
                assertEquals("ok", own.get("/").text());
                MET.add(typed);
            }
        }
    }

    @Test
    void injectsOneServerIntoAllTestsOfAClassAndStopsItThen() {
        assertAllSucceed(3, run(Shared.class));
        assertEquals(3, MET.size());
        assertEquals(1, MET.stream().distinct().count());
        assertThrows(ConnectException.class, () -> TestClient.connect(MET.getFirst()));
    }

    @TorcTest(restart = true)
    static class Restarting {
        @Served
        static RunningServer serve(ServerConfig config) {
            return Answering.start(config);
        }

        @Test
        void first(RunningServer server, TestClient client) throws IOException {
            assertEquals("ok", client.get("/").text());
            MET.add(server);
        }

        @Test
        void second(RunningServer server) {
            MET.add(server);
        }
    }

    @Test
    void startsAServerForEachTestIfToldTo() {
        assertAllSucceed(2, run(Restarting.class));
        assertEquals(2, MET.stream().distinct().count());
        for (RunningServer met : MET) {
            assertThrows(ConnectException.class, () -> TestClient.connect(met));
        }
    }

    @TorcTest
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class KeepingAClient {
        private final TestClient kept;

        KeepingAClient(TestClient kept) {
            this.kept = kept;
        }

        @Served
        static Server serve(ServerConfig config) {
            return Answering.start(config);
        }

        @BeforeAll
        void greet(TestClient own) throws IOException {
            assertEquals("ok", own.get("/").text());
        }

        @Test
        void first() throws IOException {
            assertEquals("ok", kept.get("/").text());
        }

        @Test
        void second() throws IOException {
            assertEquals("ok", kept.get("/").text());
        }
    }

    @Test
    void aClientOfTheWholeClassLivesAsLong() {
        assertAllSucceed(2, run(KeepingAClient.class));
    }

    @TorcTest(releaseMillis = 50)
    static class LeakingASlice {
        @Served
        static Server serve(ServerConfig config) {
            return Answering.startKeepingASlice(config);
        }

        @Test
        void asks(TestClient client) throws IOException {
            assertEquals("ok", client.get("/").text());
        }
    }

    @Test
    void aSliceThatIsKeptFailsTheClass() {
        run(LeakingASlice.class)
                .testEvents()
                .assertStatistics(statistics -> statistics.succeeded(1));
        String failure = failure(LeakingASlice.class);
        assertContains("after 50 ms", failure);
        assertContains("connections=0, buffers=0, slices=1", failure);
        assertContains("Counters[accepted=1", failure);
    }

    @TorcTest(restart = true, releaseMillis = 50)
    static class LeakingAConnection {
        @Served
        static Server serve(ServerConfig config) {
            return Answering.startNeverClosing(config);
        }

        @Test
        void asks(TestClient client, Server server) throws IOException {
            assertEquals("ok", client.get("/").text());
            MET.add(server);
        }
    }

    @Test
    void aConnectionThatStaysOpenFailsTheTestOfARestartedServer() {
        run(LeakingAConnection.class)
                .testEvents()
                .assertStatistics(statistics -> statistics.failed(1));
        assertContains("connections=1, buffers=0", failure(LeakingAConnection.class));
        assertThrows(ConnectException.class, () -> TestClient.connect(MET.getFirst()));
    }

    @TorcTest(transport = "pigeon")
    static class OnAnUnknownTransport extends Asking {
        @Served
        static Server serve(ServerConfig config) {
            return Answering.start(config);
        }
    }

    @Test
    void anUnknownTransportIsNamed() {
        assertContains(
                "there is no transport 'pigeon': choose auto, ",
                failure(OnAnUnknownTransport.class));
    }

    @Test
    void skipsAClassForWhichNoTransportWorks() {
        List<Network> both =
                List.of(
                        new Loopback(new BrokenTransport("one", false)),
                        new Loopback(new BrokenTransport("other", false)));
        ConditionEvaluationResult any = TorcExtension.works("auto", both);
        assertTrue(any.isDisabled());
        assertEquals(
                "no transport works here: the kernel of one is missing; get one; the kernel of"
                        + " other is missing; get one",
                any.getReason().orElseThrow());
        ConditionEvaluationResult one = TorcExtension.works("other", both);
        assertEquals(
                "no transport works here: the kernel of other is missing; get one",
                one.getReason().orElseThrow());
        Network exhausted = new Loopback(new BrokenTransport("used up", true));
        assertFalse(TorcExtension.works("auto", List.of(exhausted)).isDisabled());
        assertFalse(TorcExtension.works("third", both).isDisabled());
        assertEquals(works(), !TorcExtension.works("auto", Network.loopbacks()).isDisabled());
    }

    /// A test that must not be reached.
    abstract static class Asking {
        @Test
        void asks(TestClient client) {
            throw new AssertionError("reached, with " + client);
        }
    }

    @TorcTest
    static class WithoutServed extends Asking {}

    @TorcTest
    static class WithTwoServed extends Asking {
        @Served
        static Server one(ServerConfig config) {
            return Answering.start(config);
        }

        @Served
        static Server other(ServerConfig config) {
            return Answering.start(config);
        }
    }

    @TorcTest
    static class WithInstanceServed extends Asking {
        @Served
        Server serve(ServerConfig config) {
            return Answering.start(config);
        }
    }

    @TorcTest
    static class WithServedOfNothing extends Asking {
        @Served
        static Server serve() {
            return Answering.start(ServerConfig.defaults().withPort(0));
        }
    }

    @TorcTest
    static class WithServedThatReturnsNoServer extends Asking {
        @Served
        static String serve(ServerConfig config) {
            return config.toString();
        }
    }

    @TorcTest
    static class WithWrongParameter {
        @Served
        static Server serve(ServerConfig config) {
            return Answering.start(config);
        }

        @Test
        void asks(OtherServer server) {
            throw new AssertionError("reached, with " + server);
        }
    }

    interface OtherServer extends RunningServer {}

    @TorcTest(restart = true)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class OutlivingItsServer {
        OutlivingItsServer(TestClient client) {
            throw new AssertionError("reached, with " + client);
        }

        @Served
        static Server serve(ServerConfig config) {
            return Answering.start(config);
        }

        @Test
        void asks() {
            throw new AssertionError("reached");
        }
    }

    @Test
    void saysWhatIsWrongWithAClass() {
        String wanted = "'static HttpServer serve(ServerConfig config)'";
        assertContains(
                "WithoutServed has no @Served method: add one that starts the server, " + wanted,
                failure(WithoutServed.class));
        String two = failure(WithTwoServed.class);
        assertContains("WithTwoServed has more than one @Served method: keep one of ", two);
        for (Class<?> other :
                List.of(
                        WithInstanceServed.class,
                        WithServedOfNothing.class,
                        WithServedThatReturnsNoServer.class)) {
            assertContains(
                    "a @Served method looks like " + wanted + ", not like: ", failure(other));
        }
        assertContains(
                "the @Served method starts a dev.torc.core.Server, which is no "
                        + OtherServer.class.getName(),
                failure(WithWrongParameter.class));
        assertContains(
                "with restart = true there is no server outside of a test: ",
                failure(OutlivingItsServer.class));
    }
}
