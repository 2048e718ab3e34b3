package dev.torc.http.h1;

import dev.torc.core.memory.Memory;
import dev.torc.http.HttpLimits;
import dev.torc.http.message.Refusal;
import dev.torc.http.message.RequestHead;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The reading half of a connection, reduced to parser and decoder: takes input in any pieces, and
/// shows them the pending bytes each time elsewhere in memory and fenced to their exact range.
final class Conversation {
    /// What came of it: a description of each complete request, the status of a refusal or 0, and
    /// whether a request asked to close.
    record Outcome(List<String> requests, List<String> bodies, int status, boolean closed) {}

    /// What a trailer's description begins with: no request's does, since a method is a token.
    static final String TRAILER = "(trailer) ";

    private static final int BYTES_MAX = 2 << 20;
    private static final MemorySegment MEMORY = Arena.global().allocate(2L * BYTES_MAX + 8, 8);

    private final RequestParser parser;
    private final RequestHead head;
    private final BodyDecoder decoder;
    private final List<String> requests = new ArrayList<>();
    private final List<String> bodies = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();
    private byte[] pending = new byte[0];
    private boolean inBody;
    private int status;
    private boolean closed;
    private int moves;

    Conversation(HttpLimits limits) {
        parser = new RequestParser(limits);
        head = new RequestHead(limits.headerCountMax());
        decoder = new BodyDecoder(limits);
    }

    /// Plays `input` cut before each of the ascending offsets `cuts`.
    static Outcome play(byte[] input, HttpLimits limits, int... cuts) {
        Conversation conversation = new Conversation(limits);
        int from = 0;
        for (int cut : cuts) {
            conversation.receive(input, from, cut);
            from = cut;
        }
        conversation.receive(input, from, input.length);
        return conversation.outcome();
    }

    Outcome outcome() {
        return new Outcome(List.copyOf(requests), List.copyOf(bodies), status, closed);
    }

    void receive(byte[] input, int from, int to) {
        if (status != 0 || closed) return;
        int kept = pending.length;
        pending = Arrays.copyOf(pending, kept + to - from);
        System.arraycopy(input, from, pending, kept, to - from);

        long address = MEMORY.address() + (moves++ % 2) * (long) BYTES_MAX + moves % 7;
        Memory.copy(pending, 0, address, pending.length);
        Memory.fence(address, address + pending.length);
        try {
            int used = consume(address, pending.length);
            pending = Arrays.copyOfRange(pending, used, pending.length);
        } finally {
            Memory.unfence();
        }
    }

    private int consume(long address, int length) {
        int used = 0;
        while (used < length && status == 0 && !closed) {
            int step =
                    inBody
                            ? body(address + used, length - used)
                            : head(address + used, length - used);
            if (step <= 0) break;
            used += step;
        }
        return used;
    }

    private int head(long address, int length) {
        int used = parser.parse(address, length, head);
        if (used == RequestParser.INVALID) refused(head.refusal());
        if (used <= 0) return 0;
        requests.add(describe());
        decoder.begin(head);
        inBody = true;
        refused(decoder.refusal());
        if (decoder.isDone()) complete();
        return used;
    }

    private int body(long address, int length) {
        int used = decoder.decode(address, length);
        if (used == RequestParser.INVALID) {
            refused(decoder.refusal());
            return 0;
        }
        if (decoder.dataLength() > 0) {
            byte[] data = new byte[decoder.dataLength()];
            Memory.copy(address + decoder.dataStart(), data, 0, data.length);
            body.append(new String(data, StandardCharsets.ISO_8859_1));
        }
        if (decoder.isDone()) complete();
        return used;
    }

    private void refused(@Nullable Refusal refusal) {
        if (refusal != null) status = refusal.status();
    }

    private void complete() {
        for (int i = 0; i < decoder.trailers().count(); i++) {
            requests.add(TRAILER + decoder.trailers().name(i) + "=" + decoder.trailers().value(i));
        }
        bodies.add(body.toString());
        body.setLength(0);
        inBody = false;
        closed = !head.isKeepAlive();
        head.reset();
    }

    /// Everything the head says, so that two ways to split the input can be compared.
    private String describe() {
        StringBuilder text = new StringBuilder();
        text.append(head.methodText())
                .append(' ')
                .append(head.form())
                .append(' ')
                .append(head.path());
        text.append(" query ").append(head.queryStart()).append('-').append(head.queryEnd());
        text.append(" target ").append(head.targetStart()).append('-').append(head.targetEnd());
        text.append(" host ").append(head.hostStart()).append('+').append(head.hostLength());
        text.append(" minor ").append(head.minorVersion());
        text.append(" length ")
                .append(head.contentLength())
                .append(" chunked ")
                .append(head.isChunked());
        text.append(" keep ")
                .append(head.isKeepAlive())
                .append(" continue ")
                .append(head.expectsContinue());
        for (int i = 0; i < head.headerCount(); i++) {
            text.append('\n')
                    .append(head.fields().name(i))
                    .append(": ")
                    .append(head.fields().value(i));
        }
        return text.toString();
    }
}
