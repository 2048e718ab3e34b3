package dev.torc.http.file;

import dev.torc.core.Slice;
import dev.torc.http.BodyProducer;
import dev.torc.http.Response;

/// A lot of content in memory on its way out, as there is room for it. Made for each such answer;
/// on the shard's thread.
final class ContentStream implements BodyProducer {
    private final byte[] content;
    private final int end;
    private int at;

    private ContentStream(byte[] content, int start, int end) {
        this.content = content;
        this.end = end;
        at = start;
    }

    /// Answers with the bytes from `start` up to `end`, exclusive.
    static void send(Response response, byte[] content, int start, int end) {
        response.contentLength(end - start).stream(new ContentStream(content, start, end));
    }

    @Override
    public Progress produce(Slice buffer) {
        int bytes = Math.min(buffer.remaining(), end - at);
        buffer.append(content, at, bytes);
        at += bytes;
        return at == end ? Progress.DONE : Progress.MORE;
    }
}
