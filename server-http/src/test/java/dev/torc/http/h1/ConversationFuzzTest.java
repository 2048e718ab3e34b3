package dev.torc.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.FuzzInput;
import dev.torc.http.FuzzTarget;
import dev.torc.http.HttpLimits;
import dev.torc.http.h1.Conversation.Outcome;
import dev.torc.http.h1.NaiveBody.Result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The bytes of a whole connection: the same requests and the same end whether they come whole, in
/// a few parts or byte by byte; and where one request ends and the next begins is where the naive
/// twins of parser and decoder see it.
class ConversationFuzzTest implements FuzzTarget {
    private static final int BYTE_BY_BYTE_MAX = 400;
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST =
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
    private static final String CHUNKED =
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n";

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (String text :
                List.of(GET + GET, POST + GET, CHUNKED + POST + "\r\n" + CHUNKED + GET)) {
            for (int choice = 0; choice < 2; choice++) seeds.add(FuzzInput.seed(choice, text));
        }
        for (CorpusCase one : CorpusCase.readAll()) seeds.add(FuzzInput.seed(0, one.text()));
        return seeds;
    }

    @Override
    public void check(byte[] bytes) {
        FuzzInput input = FuzzInput.of(bytes);
        HttpLimits limits = FuzzLimits.chosen(input);
        Outcome whole = Conversation.play(input.text(), limits);
        isSound(whole);
        assertEquals(naiveBodies(input.string(), limits), whole.bodies());
        splitsAlike(whole, input.text(), limits, input.manyCuts());
        if (input.text().length <= BYTE_BY_BYTE_MAX) {
            int[] everywhere = IntStream.range(1, input.text().length).toArray();
            splitsAlike(whole, input.text(), limits, everywhere);
        }
    }

    private static void splitsAlike(Outcome whole, byte[] text, HttpLimits limits, int... cuts) {
        Outcome split = Conversation.play(text, limits, cuts);
        assertEquals(whole, split, () -> "cut at " + Arrays.toString(cuts));
    }

    private static void isSound(Outcome outcome) {
        long heads =
                outcome.requests().stream()
                        .filter(one -> !one.startsWith(Conversation.TRAILER))
                        .count();
        long open = heads - outcome.bodies().size();
        assertTrue(open == 0 || open == 1, () -> "bodies without heads: " + outcome);
        int status = outcome.status();
        assertTrue(status == 0 || (status >= 400 && status <= 505), () -> "status " + status);
        assertTrue(status == 0 || !outcome.closed(), () -> "refused behind the last: " + outcome);
    }

    /// The bodies of all complete requests.
    private static List<String> naiveBodies(String text, HttpLimits limits) {
        List<String> bodies = new ArrayList<>();
        boolean goesOn = true;
        int at = 0;
        while (goesOn) {
            NaiveParser head = NaiveParser.parse(text.substring(at), limits);
            if (head.verdict().equals("refused")) break;
            String rest = text.substring(at + head.length());
            long length = Math.max(0, head.contentLength());
            Result body =
                    head.chunked()
                            ? NaiveBody.chunked(rest, limits)
                            : NaiveBody.ofLength(length, rest, limits);
            if (body.status() != 0) break;
            bodies.add(body.content());
            at += head.length() + body.length();
            goesOn = head.keepAlive();
        }
        return bodies;
    }
}
