package dev.torc.http.h1;

import dev.torc.testkit.Await;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// What a server answered to a case of the corpus until the connection ended, and whether that is
/// right: the rules of the runner that comes with the corpus.
///
/// A case after which the connection must still be of use is followed by one more request. The end
/// is the client's (a FIN behind all it sent) but where the server must close by itself.
record CorpusAnswers(List<Integer> interims, List<Reply> finals, boolean probed) {
    private static final String PROBE = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    /// Plays `test` with each of its steps cut into `pieces`.
    static CorpusAnswers play(
            TestClient client, CorpusCase test, Function<String, List<String>> pieces)
            throws IOException, InterruptedException {
        boolean mustClose = Boolean.TRUE.equals(test.closes());
        boolean probed =
                Boolean.FALSE.equals(test.closes())
                        && !test.kind().equals("reject")
                        && test.responses() > 0;
        CountDownLatch answered = new CountDownLatch(1);
        Thread sender =
                Thread.startVirtualThread(
                        () -> send(client, test, pieces, probed, !mustClose, answered));
        List<Integer> interims = new ArrayList<>();
        List<Reply> finals = new ArrayList<>();
        try {
            while (true) {
                Optional<Reply> reply = next(client, test, finals);
                answered.countDown();
                if (reply.isEmpty()) break;
                if (reply.get().isInterim()) interims.add(reply.get().status());
                else finals.add(reply.get());
            }
        } finally {
            client.close(); // wakes the sender, should it still write
            sender.join(TimeUnit.SECONDS.toMillis(Await.PATIENCE_SECONDS));
        }
        return new CorpusAnswers(interims, finals, probed);
    }

    private static void send(
            TestClient client,
            CorpusCase test,
            Function<String, List<String>> pieces,
            boolean probed,
            boolean ends,
            CountDownLatch answered) {
        try {
            for (CorpusCase.Step step : test.steps()) {
                if (step.waitsForContinue()) {
                    boolean came = answered.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
                    if (!came) return;
                }
                for (String piece : pieces.apply(step.text())) client.send(piece);
            }
            if (probed) client.send(PROBE);
            if (ends) client.endOutput();
        } catch (IOException | InterruptedException serverHasClosed) {
            // what it answered before is judged
        }
    }

    private static Optional<Reply> next(TestClient client, CorpusCase test, List<Reply> finals)
            throws IOException {
        int index = finals.size();
        boolean known = index < test.methods().size();
        boolean toHead = known && test.methods().get(index).equals("HEAD");
        try {
            return client.replyOrEnd(toHead);
        } catch (SocketException reset) {
            // an end, too, behind an answer: of bytes behind a request that said it was the last
            if (index > 0) return Optional.empty();
            throw reset;
        }
    }

    /// What is wrong, or null.
    @Nullable String problem(CorpusCase test) {
        for (Reply reply : finals) {
            String forbidden = test.forbiddenText();
            if (!forbidden.isEmpty() && reply.text().contains(forbidden))
                return "shows " + forbidden;
        }
        return switch (test.kind()) {
            case "accept" -> problemOfAccepting(test);
            case "reject" -> problemOfRefusing(test);
            default -> {
                String accepting = problemOfAccepting(test);
                String refusing = problemOfRefusing(test);
                boolean either = accepting == null || refusing == null;
                yield either ? null : accepting + ", and " + refusing;
            }
        };
    }

    private @Nullable String problemOfAccepting(CorpusCase test) {
        List<Reply> answers = finals;
        if (probed) {
            if (finals.size() < 2 || finals.getLast().status() != 200) return "not usable: " + this;
            answers = finals.subList(0, finals.size() - 1);
        }
        int wanted = test.responses();
        boolean complete = wanted < 0 ? !answers.isEmpty() : answers.size() == wanted;
        if (!complete) return "not " + wanted + " answers: " + this;
        for (int i = 0; i < answers.size(); i++) {
            Reply answer = answers.get(i);
            if (!test.allowsFinalAnswer(i, answer.status())) return "wrong status: " + this;
            String echo = answer.status() / 100 == 2 ? test.echo(i) : null;
            if (echo != null && !echo.equals(answer.text())) return "echoes " + answer.text();
        }
        for (Object interim : test.interims()) {
            boolean came = interim instanceof Double code && interims.contains(code.intValue());
            if (!came) return "no " + interim + ": " + this;
        }
        return null;
    }

    private @Nullable String problemOfRefusing(CorpusCase test) {
        for (int i = 0; i < finals.size() - 1; i++) {
            if (!test.allowsEarlierAnswer(i, finals.get(i).status())) return "answers: " + this;
        }
        boolean refused =
                !finals.isEmpty()
                        && test.mayPrecede(finals.size() - 1)
                        && test.allowsRefusal(finals.getLast().status());
        boolean silent = test.mayPrecede(finals.size()) && test.allowsSilentRefusal();
        return refused || silent ? null : "not refused: " + this;
    }

    @Override
    public String toString() {
        return interims + " " + finals.stream().map(Reply::status).toList();
    }
}
