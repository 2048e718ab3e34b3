package dev.torc.http;

import dev.torc.core.BufferPool;

/// How much of everything one HTTP/1.1 message may hold. Whatever a peer sends beyond a limit is
/// refused with the status named there, and the connection is closed.
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
/// @param chunkExtensionBytesMax the chunk extensions of one message taken together; 400
/// @param trailerBytesMax the trailer section with its final CRLF; 431
/// @param timeouts how long a peer may take
public record HttpLimits(
        int requestLineBytesMax,
        int headBytesMax,
        int headerCountMax,
        long bodyBytesMax,
        long streamedBodyBytesMax,
        int chunkExtensionBytesMax,
        int trailerBytesMax,
        HttpTimeouts timeouts) {

    // Offsets into a head are ints and a head is copied between buffers: no sane limit is near
    // this.
    private static final int BYTES_MAX = 1 << 24;

    public HttpLimits {
        within("requestLineBytesMax", requestLineBytesMax, 16, BYTES_MAX);
        within("headBytesMax", headBytesMax, requestLineBytesMax, BYTES_MAX);
        within("headerCountMax", headerCountMax, 1, 1 << 16);
        within("bodyBytesMax", bodyBytesMax, 0, BufferPool.SLICE_BYTES_MAX);
        within("streamedBodyBytesMax", streamedBodyBytesMax, 0, Long.MAX_VALUE);
        within("chunkExtensionBytesMax", chunkExtensionBytesMax, 0, BYTES_MAX);
        within("trailerBytesMax", trailerBytesMax, 2, BYTES_MAX);
    }

    public static HttpLimits defaults() {
        return new HttpLimits(
                8192, 16384, 100, 1 << 20, 1L << 30, 1024, 4096, HttpTimeouts.defaults());
    }

    public HttpLimits withRequestLineBytesMax(int bytes) {
        return new HttpLimits(
                bytes,
                headBytesMax,
                headerCountMax,
                bodyBytesMax,
                streamedBodyBytesMax,
                chunkExtensionBytesMax,
                trailerBytesMax,
                timeouts);
    }

    public HttpLimits withHeadBytesMax(int bytes) {
        return new HttpLimits(
                requestLineBytesMax,
                bytes,
                headerCountMax,
                bodyBytesMax,
                streamedBodyBytesMax,
                chunkExtensionBytesMax,
                trailerBytesMax,
                timeouts);
    }

    public HttpLimits withHeaderCountMax(int count) {
        return new HttpLimits(
                requestLineBytesMax,
                headBytesMax,
                count,
                bodyBytesMax,
                streamedBodyBytesMax,
                chunkExtensionBytesMax,
                trailerBytesMax,
                timeouts);
    }

    public HttpLimits withBodyBytesMax(long bytes) {
        return new HttpLimits(
                requestLineBytesMax,
                headBytesMax,
                headerCountMax,
                bytes,
                streamedBodyBytesMax,
                chunkExtensionBytesMax,
                trailerBytesMax,
                timeouts);
    }

    public HttpLimits withStreamedBodyBytesMax(long bytes) {
        return new HttpLimits(
                requestLineBytesMax,
                headBytesMax,
                headerCountMax,
                bodyBytesMax,
                bytes,
                chunkExtensionBytesMax,
                trailerBytesMax,
                timeouts);
    }

    public HttpLimits withChunkExtensionBytesMax(int bytes) {
        return new HttpLimits(
                requestLineBytesMax,
                headBytesMax,
                headerCountMax,
                bodyBytesMax,
                streamedBodyBytesMax,
                bytes,
                trailerBytesMax,
                timeouts);
    }

    public HttpLimits withTrailerBytesMax(int bytes) {
        return new HttpLimits(
                requestLineBytesMax,
                headBytesMax,
                headerCountMax,
                bodyBytesMax,
                streamedBodyBytesMax,
                chunkExtensionBytesMax,
                bytes,
                timeouts);
    }

    public HttpLimits withTimeouts(HttpTimeouts newTimeouts) {
        return new HttpLimits(
                requestLineBytesMax,
                headBytesMax,
                headerCountMax,
                bodyBytesMax,
                streamedBodyBytesMax,
                chunkExtensionBytesMax,
                trailerBytesMax,
                newTimeouts);
    }

    private static void within(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " must be between " + min + " and " + max + ": " + name + "=" + value);
        }
    }
}
