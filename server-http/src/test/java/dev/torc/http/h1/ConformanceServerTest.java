package dev.torc.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.Handler;
import dev.torc.http.Router;
import dev.torc.http.TestServer;
import dev.torc.http.file.FileHandler;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Seed;
import dev.torc.testkit.TestClient;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Every case of the corpus against a server, over sockets: the routes are those that the corpus
/// expects. Afterwards nothing may be held.
@EveryNetwork
class ConformanceServerTest {
    private static final List<CorpusCase> CASES = CorpusCase.readAll();
    private static final int CONNECTIONS = 16;
    private static final int BYTE_BY_BYTE_MAX = 4096;

    @Parameter Network network;

    @TempDir Path directory;

    @Test
    void judgesEveryCaseAsTheRfcDoes() throws Exception {
        plays(ConformanceServerTest::whole);
    }

    @Test
    void judgesEveryCaseTheSameByteByByte() throws Exception {
        plays(
                (random, text) ->
                        text.length() <= BYTE_BY_BYTE_MAX
                                ? text.chars().mapToObj(Character::toString).toList()
                                : pieces(random, text));
    }

    @Test
    void judgesEveryCaseTheSameInRandomPieces() throws Exception {
        plays(ConformanceServerTest::pieces);
    }

    @Test
    void noticesAServerThatLosesBodies() throws Exception {
        Router router = router((_, response) -> response.send(""));
        List<CorpusCase> some = CASES.stream().filter(test -> test.echo(0) != null).toList();
        assertFalse(problems(router, some, Seed.next(), ConformanceServerTest::whole).isEmpty());
    }

    private static List<String> whole(Random random, String text) {
        return List.of(text);
    }

    private static List<String> pieces(Random random, String text) {
        int[] cuts = random.ints(5, 0, text.length() + 1).sorted().toArray();
        List<String> pieces = new ArrayList<>();
        int from = 0;
        for (int cut : cuts) {
            if (cut > from) pieces.add(text.substring(from, cut));
            from = cut;
        }
        pieces.add(text.substring(from));
        return pieces;
    }

    private void plays(BiFunction<Random, String, List<String>> pieces) throws Exception {
        long seed = Seed.next();
        Router router = router((request, response) -> response.send(request.body()));
        assertEquals(List.of(), problems(router, CASES, seed, pieces), () -> "seed " + seed);
    }

    /// Plays the cases, several at a time, and says what went wrong.
    private List<String> problems(
            Router router,
            List<CorpusCase> cases,
            long seed,
            BiFunction<Random, String, List<String>> pieces)
            throws Exception {
        Files.writeString(directory.resolve("file.txt"), "a file\n");
        Semaphore connections = new Semaphore(CONNECTIONS);
        List<String> problems = new ArrayList<>();
        try (TestServer server = TestServer.start(network, router);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<@Nullable String>> all = new ArrayList<>();
            for (CorpusCase test : cases) {
                Random random = new Random(seed ^ test.id().hashCode());
                assertTrue(connections.tryAcquire(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
                all.add(
                        threads.submit(
                                () -> {
                                    try {
                                        return problem(
                                                server, test, text -> pieces.apply(random, text));
                                    } finally {
                                        connections.release();
                                    }
                                }));
            }
            for (Future<@Nullable String> one : all) {
                String problem = one.get(2 * Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (problem != null) problems.add(problem);
            }
        }
        return problems;
    }

    private static @Nullable String problem(
            TestServer server, CorpusCase test, Function<String, List<String>> pieces) {
        try (TestClient client = server.connect()) {
            String problem = CorpusAnswers.play(client, test, pieces).problem(test);
            return problem == null ? null : test.id() + ": " + problem + "; " + test.rationale();
        } catch (IOException | InterruptedException e) {
            return test.id() + ": " + e;
        }
    }

    private Router router(Handler echo) throws IOException {
        return new Router()
                .get("/", (_, response) -> response.send("Hello\n"))
                .post("/echo", echo)
                .get("/static/{path...}", new FileHandler(directory, "path"));
    }
}
