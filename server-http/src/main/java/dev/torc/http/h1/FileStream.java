package dev.torc.http.h1;

import dev.torc.core.BufferPool;
import dev.torc.http.message.FileBody;
import dev.torc.http.message.FileParts;

/// Parts of a file on their way to the connection, which takes them one after the other: the next
/// when the one before has gone, so that a peer that asks for many of them holds no more than one.
/// On the shard's thread.
final class FileStream implements OutgoingBody {
    private final FileBody body;
    private int next;

    FileStream(FileBody body) {
        this.body = body;
    }

    @Override
    public Outcome pump(Output output, BufferPool pool) {
        FileParts parts = body.parts();
        while (next < parts.count()) {
            if (output.isBlocked()) return Outcome.WAITING;
            if (!output.write(parts.frame(next))) return Outcome.OUT_OF_BUFFERS;
            output.send(body, next);
            next++;
        }
        if (!output.write(parts.frame(next))) return Outcome.OUT_OF_BUFFERS;
        body.release();
        return Outcome.DONE;
    }

    @Override
    public void abandon() {
        body.release();
    }
}
