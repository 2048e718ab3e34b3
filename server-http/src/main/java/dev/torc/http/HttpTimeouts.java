package dev.torc.http;

import java.time.Duration;

/// How long a connection may wait for its peer. Deadlines are looked at at intervals, so that they
/// cost a request nothing; one is noticed late by up to [#checkInterval()].
///
/// @param idle for the next request on a connection kept open; then it is closed
/// @param head from a request's first byte to the end of its head; 408
/// @param body without a byte of a request's body; 408
/// @param write without the peer taking anything of what is queued for it; the connection is
///   aborted
public record HttpTimeouts(Duration idle, Duration head, Duration body, Duration write) {
    private static final Duration MIN = Duration.ofMillis(10);
    private static final Duration MAX = Duration.ofDays(1);
    private static final HttpTimeouts DEFAULTS =
            new HttpTimeouts(
                    Duration.ofSeconds(75),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30));

    public HttpTimeouts {
        within("idle", idle);
        within("head", head);
        within("body", body);
        within("write", write);
    }

    public static HttpTimeouts defaults() {
        return DEFAULTS;
    }

    public HttpTimeouts withIdle(Duration newIdle) {
        return new HttpTimeouts(newIdle, head, body, write);
    }

    public HttpTimeouts withHead(Duration newHead) {
        return new HttpTimeouts(idle, newHead, body, write);
    }

    public HttpTimeouts withBody(Duration newBody) {
        return new HttpTimeouts(idle, head, newBody, write);
    }

    public HttpTimeouts withWrite(Duration newWrite) {
        return new HttpTimeouts(idle, head, body, newWrite);
    }

    /// A quarter of the shortest timeout.
    public Duration checkInterval() {
        Duration shortest = idle;
        for (Duration other : new Duration[] {head, body, write}) {
            if (other.compareTo(shortest) < 0) shortest = other;
        }
        return shortest.dividedBy(4);
    }

    private static void within(String name, Duration value) {
        if (value.compareTo(MIN) < 0 || value.compareTo(MAX) > 0) {
            throw new IllegalArgumentException(
                    name + " must be 10 ms to 1 day: " + name + "=" + value);
        }
    }
}
