package dev.torc.http;

import dev.torc.core.BufferPool;

import java.util.function.Consumer;

/// How much of everything one HTTP/1.1 connection may bring. Whatever a peer sends beyond a limit
/// is refused with the status named there, and the connection is closed. A shard's connections and
/// memory are bounded by [dev.torc.core.Limits].
///
/// @param requestLineBytesMax the request line with its CRLF; 414, or 501 where the method alone is
///   longer
/// @param headBytesMax the whole head: empty lines before it, request line, fields and the final
///   CRLF; 431
/// @param headerCountMax field lines in a head, and again in a trailer section; 431
/// @param bodyBytesMax the content of one request, after chunked decoding, that is handed to its
///   handler as a whole; 413
/// @param streamedBodyBytesMax the content of one that is [streamed][Handlers#streaming(Handler)];
///   413
/// @param bodyBytesPerSecondMin how fast a body must come, on average over each
///   [HttpTimeouts#body()], framing included; 408. With 0, a single byte in that time is enough.
///   What the application holds back does not count
/// @param unreadBodyBytesMax what is received and dropped of a body that its handler has not read,
///   so that the connection can go on; beyond it the connection is closed behind the response
/// @param chunkExtensionBytesMax the chunk extensions of one message taken together; 400
/// @param trailerBytesMax the trailer section with its final CRLF; 431
/// @param pipelinedBytesMax requests kept while an earlier one is answered, or a response is not
///   taken by the peer; beyond it nothing is received until they are handled, one after the other
/// @param requestsPerConnectionMax the last one's response says `Connection: close`
/// @param timeouts how long a peer, and a handler, may take
public record HttpLimits(
        int requestLineBytesMax,
        int headBytesMax,
        int headerCountMax,
        long bodyBytesMax,
        long streamedBodyBytesMax,
        int bodyBytesPerSecondMin,
        int unreadBodyBytesMax,
        int chunkExtensionBytesMax,
        int trailerBytesMax,
        int pipelinedBytesMax,
        int requestsPerConnectionMax,
        HttpTimeouts timeouts) {

    // Offsets into a head are ints and a head is copied between buffers: no sane limit is near
    // this.
    private static final int BYTES_MAX = 1 << 24;
    private static final HttpLimits DEFAULTS = new Draft().limits();

    public HttpLimits {
        within("requestLineBytesMax", requestLineBytesMax, 16, BYTES_MAX);
        within("headBytesMax", headBytesMax, requestLineBytesMax, BYTES_MAX);
        within("headerCountMax", headerCountMax, 1, 1 << 16);
        within("bodyBytesMax", bodyBytesMax, 0, BufferPool.SLICE_BYTES_MAX);
        within("streamedBodyBytesMax", streamedBodyBytesMax, 0, Long.MAX_VALUE);
        within("bodyBytesPerSecondMin", bodyBytesPerSecondMin, 0, BYTES_MAX);
        within("unreadBodyBytesMax", unreadBodyBytesMax, 0, Integer.MAX_VALUE);
        within("chunkExtensionBytesMax", chunkExtensionBytesMax, 0, BYTES_MAX);
        within("trailerBytesMax", trailerBytesMax, 2, BYTES_MAX);
        within("pipelinedBytesMax", pipelinedBytesMax, 0, BYTES_MAX);
        within("requestsPerConnectionMax", requestsPerConnectionMax, 1, Integer.MAX_VALUE);
    }

    public static HttpLimits defaults() {
        return DEFAULTS;
    }

    public HttpLimits withRequestLineBytesMax(int bytes) {
        return with(draft -> draft.requestLineBytesMax = bytes);
    }

    public HttpLimits withHeadBytesMax(int bytes) {
        return with(draft -> draft.headBytesMax = bytes);
    }

    public HttpLimits withHeaderCountMax(int count) {
        return with(draft -> draft.headerCountMax = count);
    }

    public HttpLimits withBodyBytesMax(long bytes) {
        return with(draft -> draft.bodyBytesMax = bytes);
    }

    public HttpLimits withStreamedBodyBytesMax(long bytes) {
        return with(draft -> draft.streamedBodyBytesMax = bytes);
    }

    public HttpLimits withBodyBytesPerSecondMin(int bytes) {
        return with(draft -> draft.bodyBytesPerSecondMin = bytes);
    }

    public HttpLimits withUnreadBodyBytesMax(int bytes) {
        return with(draft -> draft.unreadBodyBytesMax = bytes);
    }

    public HttpLimits withChunkExtensionBytesMax(int bytes) {
        return with(draft -> draft.chunkExtensionBytesMax = bytes);
    }

    public HttpLimits withTrailerBytesMax(int bytes) {
        return with(draft -> draft.trailerBytesMax = bytes);
    }

    public HttpLimits withPipelinedBytesMax(int bytes) {
        return with(draft -> draft.pipelinedBytesMax = bytes);
    }

    public HttpLimits withRequestsPerConnectionMax(int count) {
        return with(draft -> draft.requestsPerConnectionMax = count);
    }

    public HttpLimits withTimeouts(HttpTimeouts newTimeouts) {
        return with(draft -> draft.timeouts = newTimeouts);
    }

    private HttpLimits with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.limits();
    }

    private static void within(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " must be between " + min + " and " + max + ": " + name + "=" + value);
        }
    }

    /// The same, to be changed; at first the defaults.
    private static final class Draft {
        private int requestLineBytesMax = 8192;
        private int headBytesMax = 16_384;
        private int headerCountMax = 100;
        private long bodyBytesMax = 1 << 20;
        private long streamedBodyBytesMax = 1L << 30;
        private int bodyBytesPerSecondMin = 240;
        private int unreadBodyBytesMax = 256 * 1024;
        private int chunkExtensionBytesMax = 1024;
        private int trailerBytesMax = 4096;
        private int pipelinedBytesMax = 64 * 1024;
        private int requestsPerConnectionMax = 1_000_000;
        private HttpTimeouts timeouts = HttpTimeouts.defaults();

        Draft() {}

        Draft(HttpLimits from) {
            requestLineBytesMax = from.requestLineBytesMax;
            headBytesMax = from.headBytesMax;
            headerCountMax = from.headerCountMax;
            bodyBytesMax = from.bodyBytesMax;
            streamedBodyBytesMax = from.streamedBodyBytesMax;
            bodyBytesPerSecondMin = from.bodyBytesPerSecondMin;
            unreadBodyBytesMax = from.unreadBodyBytesMax;
            chunkExtensionBytesMax = from.chunkExtensionBytesMax;
            trailerBytesMax = from.trailerBytesMax;
            pipelinedBytesMax = from.pipelinedBytesMax;
            requestsPerConnectionMax = from.requestsPerConnectionMax;
            timeouts = from.timeouts;
        }

        HttpLimits limits() {
            return new HttpLimits(
                    requestLineBytesMax,
                    headBytesMax,
                    headerCountMax,
                    bodyBytesMax,
                    streamedBodyBytesMax,
                    bodyBytesPerSecondMin,
                    unreadBodyBytesMax,
                    chunkExtensionBytesMax,
                    trailerBytesMax,
                    pipelinedBytesMax,
                    requestsPerConnectionMax,
                    timeouts);
        }
    }
}
