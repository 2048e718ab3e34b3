package dev.torc.http.h1;

import dev.torc.core.Slice;
import dev.torc.http.h1.OutgoingBody.Outcome;
import dev.torc.http.h1.ResponseWriter.Framing;

import org.jspecify.annotations.Nullable;

/// Writes the answers of one connection to its output: as a whole, or as they are produced. When
/// they may be written is the connection's to know. On the shard's thread; a whole answer allocates
/// nothing.
final class Answers {
    private static final int BODY_BYTES_ANY = Integer.MAX_VALUE;

    private final Http1Connections shared;
    private final Output output;
    private @Nullable OutgoingBody stream;
    private int count;

    Answers(Http1Connections shared, Output output) {
        this.shared = shared;
        this.output = output;
    }

    /// Writes head and body; false when there is no memory for them. `closing` says that the
    /// connection will not persist.
    boolean write(Http1Exchange answered, byte[] body, int offset, int length, boolean closing) {
        if (!writeHead(answered, length, length, closing)) return false;
        return !answered.wantsBody() || output.write(body, offset, length);
    }

    boolean write(Http1Exchange answered, Slice body, boolean closing) {
        int length = body.length();
        int copied = output.leavesAlone(body) ? 0 : length;
        if (!writeHead(answered, length, copied, closing)) return false;
        return !answered.wantsBody() || output.write(body);
    }

    private boolean writeHead(Http1Exchange answered, int length, int copied, boolean closing) {
        return answered.writeHead(output, Framing.LENGTH, length, copied, isLast(closing));
    }

    /// Writes the head, and what there is of the body already.
    Outcome begin(Http1Exchange answered, OutgoingBody body, boolean closing) {
        answered.streamsAnswer();
        Framing framing = answered.streamFraming();
        boolean written = answered.writeHead(output, framing, 0, BODY_BYTES_ANY, isLast(closing));
        if (!written || !answered.wantsBody()) {
            body.abandon();
            return written ? Outcome.DONE : Outcome.OUT_OF_BUFFERS;
        }
        stream = body;
        return pump();
    }

    /// Writes what there is of the body, as far as there is room.
    Outcome pump() {
        OutgoingBody current = stream;
        if (current == null) return Outcome.WAITING;
        try {
            Outcome outcome = current.pump(output, shared.shard().buffers());
            if (outcome == Outcome.DONE) stream = null;
            return outcome;
        } catch (Throwable failure) {
            shared.logFailure("a response body failed", failure);
            return Outcome.FAILED;
        }
    }

    private boolean isLast(boolean closing) {
        count++;
        return closing || count >= shared.limits().requestsPerConnectionMax();
    }

    /// The connection has ended.
    void drop() {
        output.drop();
        if (stream != null) stream.abandon();
        stream = null;
    }
}
