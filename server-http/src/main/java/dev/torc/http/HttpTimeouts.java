package dev.torc.http;

import java.time.Duration;

/// How long a connection may wait for its peer. Deadlines are looked at at intervals, so that they
/// cost a request nothing; one is noticed late by up to [#checkInterval()].
///
/// @param idle for the next request on a connection kept open; then it is closed
/// @param head from a request's first byte to the end of its head; 408
/// @param body for the next bytes of a request's body: as many as
///   [HttpLimits#bodyBytesPerSecondMin()] asks for in this time; 408
/// @param handler from a complete request, or from when its streamed body is waited for no more,
///   until the handler answers or begins to; 503. Not while it holds its shard, which nothing can
///   end: see [Handlers#blocking(Handler)]
/// @param answer without a byte of an answer for a peer that will send no more; the connection is
///   aborted. Such a peer may wait for its answer, but it may as well be gone: only sending would
///   tell
/// @param write without the peer taking anything of what is queued for it; the connection is
///   aborted
public record HttpTimeouts(
        Duration idle,
        Duration head,
        Duration body,
        Duration handler,
        Duration answer,
        Duration write) {
    private static final Duration MIN = Duration.ofMillis(10);
    private static final Duration MAX = Duration.ofDays(1);
    private static final HttpTimeouts DEFAULTS =
            new HttpTimeouts(
                    Duration.ofSeconds(75),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30));

    public HttpTimeouts {
        within("idle", idle);
        within("head", head);
        within("body", body);
        within("handler", handler);
        within("answer", answer);
        within("write", write);
    }

    public static HttpTimeouts defaults() {
        return DEFAULTS;
    }

    public HttpTimeouts withIdle(Duration newIdle) {
        return new HttpTimeouts(newIdle, head, body, handler, answer, write);
    }

    public HttpTimeouts withHead(Duration newHead) {
        return new HttpTimeouts(idle, newHead, body, handler, answer, write);
    }

    public HttpTimeouts withBody(Duration newBody) {
        return new HttpTimeouts(idle, head, newBody, handler, answer, write);
    }

    public HttpTimeouts withHandler(Duration newHandler) {
        return new HttpTimeouts(idle, head, body, newHandler, answer, write);
    }

    public HttpTimeouts withAnswer(Duration newAnswer) {
        return new HttpTimeouts(idle, head, body, handler, newAnswer, write);
    }

    public HttpTimeouts withWrite(Duration newWrite) {
        return new HttpTimeouts(idle, head, body, handler, answer, newWrite);
    }

    /// A quarter of the shortest timeout.
    public Duration checkInterval() {
        Duration shortest = idle;
        for (Duration other : new Duration[] {head, body, handler, answer, write}) {
            if (other.compareTo(shortest) < 0) shortest = other;
        }
        // Not dividedBy, which goes through BigDecimal: some 20 ms of a start.
        return Duration.ofNanos(shortest.toNanos() / 4);
    }

    private static void within(String name, Duration value) {
        if (value.compareTo(MIN) < 0 || value.compareTo(MAX) > 0) {
            throw new IllegalArgumentException(
                    name + " must be 10 ms to 1 day: " + name + "=" + value);
        }
    }
}
