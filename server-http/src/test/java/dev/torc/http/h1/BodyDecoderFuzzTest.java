package dev.torc.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.http.FuzzInput;
import dev.torc.http.FuzzTarget;
import dev.torc.http.HttpLimits;
import dev.torc.http.h1.NaiveBody.Result;
import dev.torc.http.message.Fenced;
import dev.torc.http.message.Fields;
import dev.torc.http.message.Refusal;
import dev.torc.http.message.RequestHead;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/// One body, chunked or of a length: the decoder finds what its naive twin finds, however the bytes
/// are split.
class BodyDecoderFuzzTest implements FuzzTarget {
    private static final int OF_LENGTH = 2;
    private static final int BYTE_BY_BYTE_MAX = 300;
    private static final List<String> SAMPLES =
            List.of(
                    "5\r\nhello\r\n0\r\n\r\n",
                    "5;a=\"x\\\"y\";b\r\nhello\r\n1 ;c = d\r\n!\r\n0\r\nX: y\r\n\r\n",
                    "00a\r\n0123456789\r\n1\r\nx\r\n1\r\ny\r\n0;e\r\n\r\n",
                    "0\r\nHost: a\r\n\r\n",
                    "0\r\nA: b \r\nC:\r\n: d\r\n\r\nGET / HTTP/1.1\r\n",
                    "fffffffffffffff\r\n",
                    "0000000000000005;a\r\n",
                    "63\r\n"
                            + "0123456789".repeat(9)
                            + "012345678\r\n1\r\n9\r\n1\r\n0\r\n0\r\n\r\n");

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (String sample : SAMPLES) {
            for (int choice = 0; choice < 4; choice++) seeds.add(FuzzInput.seed(choice, sample));
        }
        for (CorpusCase one : CorpusCase.readAll()) {
            int body = one.text().indexOf("\r\n\r\n") + 4;
            if (body > 3 && body < one.text().length()) {
                seeds.add(FuzzInput.seed(0, one.text().substring(body)));
            }
        }
        return seeds;
    }

    @Override
    public void check(byte[] input) {
        compare(input, NaiveBody::chunked);
    }

    /// With any twin for chunked bodies, so that a wrong one can show that it is seen.
    static void compare(byte[] bytes, BiFunction<String, HttpLimits, Result> chunked) {
        FuzzInput input = FuzzInput.of(bytes);
        HttpLimits limits = FuzzLimits.chosen(input);
        RequestHead head = new RequestHead(limits.headerCountMax());
        Result expected;
        if ((input.choice() & OF_LENGTH) != 0) {
            head.contentLength(input.cuts());
            expected = NaiveBody.ofLength(input.cuts(), input.string(), limits);
        } else {
            head.chunked();
            expected = chunked.apply(input.string(), limits);
        }
        int length = input.text().length;
        agrees(expected, head, limits, input.text());
        agrees(expected, head, limits, input.text(), input.manyCuts());
        if (length <= BYTE_BY_BYTE_MAX) {
            agrees(expected, head, limits, input.text(), IntStream.range(1, length).toArray());
        }
    }

    private static void agrees(
            Result expected, RequestHead head, HttpLimits limits, byte[] text, int... cuts) {
        String where = "cut at " + Arrays.toString(cuts);
        Result found = decoded(head, limits, text, cuts);
        assertEquals(expected.status(), found.status(), where);
        assertEquals(expected.content(), found.content(), where);
        if (found.status() != 0) return;
        assertEquals(expected.length(), found.length(), where);
        assertEquals(expected.trailers(), found.trailers(), where);
    }

    private static Result decoded(RequestHead head, HttpLimits limits, byte[] text, int... cuts) {
        BodyDecoder decoder = new BodyDecoder(limits);
        decoder.begin(head);
        StringBuilder content = new StringBuilder();
        List<String> trailers = new ArrayList<>();
        int used = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int end = i < cuts.length ? cuts[i] : text.length;
            try (Fenced pending = Fenced.of(Arrays.copyOfRange(text, used, end))) {
                used += consume(decoder, pending, content);
                if (!decoder.isDone()) continue;
                Fields fields = decoder.trailers();
                for (int field = 0; field < fields.count(); field++) {
                    trailers.add(fields.name(field) + "=" + fields.value(field));
                }
                return new Result(0, content.toString(), used, trailers);
            }
        }
        Refusal refusal = decoder.refusal();
        return new Result(refusal == null ? -1 : refusal.status(), content.toString(), 0, trailers);
    }

    /// Calls the decoder until it takes no more of `pending`; returns the bytes taken.
    private static int consume(BodyDecoder decoder, Fenced pending, StringBuilder content) {
        int used = 0;
        while (used < pending.length() && !decoder.isDone()) {
            long address = pending.address() + used;
            int step = decoder.decode(address, pending.length() - used);
            if (step == RequestParser.INVALID) {
                Objects.requireNonNull(decoder.refusal());
                break;
            }
            int data = decoder.dataLength();
            assertTrue(step >= 0 && step <= pending.length() - used, () -> "consumed " + step);
            assertTrue(data >= 0 && data <= step, () -> data + " of " + step + " bytes are data");
            byte[] bytes = new byte[data];
            if (data > 0) Memory.copy(address + decoder.dataStart(), bytes, 0, data);
            content.append(new String(bytes, StandardCharsets.ISO_8859_1));
            used += step;
            if (step == 0) break;
        }
        return used;
    }
}
