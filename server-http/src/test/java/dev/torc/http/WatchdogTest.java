package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.ServerConfig;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

@EveryNetwork
class WatchdogTest {
    private static final Duration LIMIT = Duration.ofMillis(60);
    private static final Pattern HELD =
            Pattern.compile(
                    "shard 0 has been held for (?<millis>\\d+) ms by .*, and serves nobody .*");
    private static final Pattern OVER =
            Pattern.compile("shard 0 goes on: .* has held it for about (?<millis>\\d+) ms");

    @Parameter Network network;

    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch waited = new CountDownLatch(1);

    @BeforeEach
    void inRealTime() {
        assumeTrue(network.isReal(), "a simulated network has a time of its own");
    }

    private HttpServer start() {
        Router router =
                new Router()
                        .get("/hold/{name}", (_, response) -> answer(response, held))
                        .get("/wait", Handlers.blocking((_, r) -> answer(r, waited)));
        ServerConfig config = TestServer.config(network).withWatchdog(LIMIT);
        return HttpServer.start(config, HttpLimits.defaults(), network.transport(), router);
    }

    private static void answer(Response response, CountDownLatch latch) throws Exception {
        assertTrue(latch.await(20, TimeUnit.SECONDS));
        response.send("at last");
    }

    private TestClient ask(HttpServer server, String path) throws IOException {
        TestClient client = TestClient.connect(network.socket(), server.address());
        client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
        return client;
    }

    @Test
    void namesWhatHoldsAShardAndSaysWhenItIsOver() throws Exception {
        try (LogRecords log = new LogRecords("dev.torc.core");
                HttpServer server = start();
                TestClient waiting = ask(server, "/wait");
                TestClient holding = ask(server, "/hold/all")) {
            Await.until("a report", () -> !told(log, HELD).isEmpty());
            LogRecord report = told(log, HELD).getFirst();
            assertTrue(number(HELD, report) >= LIMIT.toMillis(), report.getMessage());
            List<StackTraceElement> stack = List.of(report.getThrown().getStackTrace());
            assertTrue(has(stack, "answer"), stack::toString);

            held.countDown();
            assertEquals(200, holding.reply().status());
            Await.until("the end", () -> !told(log, OVER).isEmpty());
            LogRecord end = told(log, OVER).getFirst();
            assertTrue(number(OVER, end) >= LIMIT.toMillis(), end.getMessage());

            // Who waits on a thread of its own has held nobody up, for as long.
            waited.countDown();
            assertEquals(200, waiting.reply().status());
            assertTrue(
                    log.at(Level.WARNING).stream()
                            .filter(one -> one.getMessage().contains("/wait"))
                            .noneMatch(
                                    one ->
                                            has(
                                                    List.of(one.getThrown().getStackTrace()),
                                                    "answer")));
        }
    }

    /// What is said of the handler that holds its shard. On a busy machine another turn may take
    /// long, too, and be reported.
    private static List<LogRecord> told(LogRecords log, Pattern what) {
        return log.at(Level.WARNING).stream()
                .filter(one -> one.getMessage().contains("GET /hold/{name}"))
                .filter(one -> what.matcher(one.getMessage()).matches())
                .toList();
    }

    private static long number(Pattern what, LogRecord record) {
        Matcher matcher = what.matcher(record.getMessage());
        assertTrue(matcher.matches(), record.getMessage());
        return Long.parseLong(matcher.group("millis"));
    }

    /// Of the shards that were reported.
    private static Stream<List<StackTraceElement>> stacks(LogRecords log) {
        return log.at(Level.WARNING).stream()
                .filter(one -> one.getThrown() != null)
                .map(one -> List.of(one.getThrown().getStackTrace()));
    }

    private static boolean has(List<StackTraceElement> stack, String method) {
        return stack.stream().anyMatch(one -> one.getMethodName().equals(method));
    }

    /// One of two shards has ended and the other is held: what is said of that one alone.
    @Test
    void saysNothingOfAShardThatHasEnded() throws Exception {
        Router router =
                new Router()
                        .get(
                                "/last",
                                Handlers.blocking(
                                        (_, response) -> {
                                            begun.countDown();
                                            assertTrue(waited.await(20, TimeUnit.SECONDS));
                                            response.stream(_ -> holdShard());
                                        }));
        ServerConfig config = TestServer.config(network).withShards(2).withWatchdog(LIMIT);
        Set<Thread> before = threads("torc-shard-");
        try (LogRecords log = new LogRecords("dev.torc.core");
                HttpServer server =
                        HttpServer.start(
                                config, HttpLimits.defaults(), network.transport(), router);
                TestClient last = ask(server, "/last")) {
            Set<Thread> shards = threads("torc-shard-");
            shards.removeAll(before);
            assertEquals(2, shards.size());
            assertTrue(begun.await(20, TimeUnit.SECONDS));
            server.beginStop(Duration.ofSeconds(30));
            Await.until("an end", () -> shards.stream().filter(Thread::isAlive).count() == 1);
            waited.countDown();
            Await.until("a report", () -> stacks(log).anyMatch(one -> has(one, "holdShard")));
            held.countDown();
            assertEquals(200, last.reply().status());
            // A thread that has ended has none.
            assertTrue(stacks(log).noneMatch(List::isEmpty));
        }
    }

    private BodyProducer.Progress holdShard() throws InterruptedException {
        assertTrue(held.await(20, TimeUnit.SECONDS));
        return BodyProducer.Progress.DONE;
    }

    @Test
    void endsWithItsServer() {
        Set<Thread> before = threads("torc-watchdog");
        Set<Thread> own;
        try (HttpServer server = start()) {
            own = threads("torc-watchdog");
            own.removeAll(before);
            assertEquals(1, own.size());
            server.stop(Duration.ofSeconds(10));
        }
        Thread watchdog = own.iterator().next();
        Await.until("its end", () -> !watchdog.isAlive());
    }

    private static Set<Thread> threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .collect(Collectors.toCollection(HashSet::new));
    }
}
