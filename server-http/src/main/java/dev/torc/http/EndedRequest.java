package dev.torc.http;

import dev.torc.http.message.RequestHead;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/// One request that is over, as a [RequestObserver] sees it. Borrowed for the observer's call, on
/// the shard's thread. Only the methods that return text or an address allocate.
public interface EndedRequest {
    /// How a request can end.
    enum Outcome {
        /// Its answer is complete and handed to the connection, which may still be sending it.
        ANSWERED,
        /// Refused by the server itself: malformed, beyond a limit, too slow. The connection ends.
        REFUSED,
        /// The connection ended, or was ended, before the answer was complete.
        CUT
    }

    Outcome outcome();

    /// Whether it was [announced][RequestObserver#onBegin()]: not what was refused before its head
    /// was complete.
    boolean hasBegun();

    /// [Method#OTHER] for one that has no name here, or has not arrived.
    Method method();

    /// The template of the route that matched, such as `/hello/{name}`; empty without one. The same
    /// object for the same route.
    String routeTemplate();

    /// The answer's status code; 0 if it was cut before there was one.
    int status();

    /// Bytes of the answer's body that the connection has been given, framing included.
    long bodyBytes();

    /// When the head was complete, as of [System#nanoTime()]: the time of the turn in which it was.
    /// 0 for what was refused without one.
    long beganNanos();

    /// From when the head was complete until now; 0 for what was refused without one. Reads the
    /// clock.
    long nanos();

    /// What the handler failed with, whatever was answered then; null if it did not fail.
    @Nullable Throwable failure();

    /// The address that the client, or a proxy of it, connects from; null if it has gone.
    @Nullable InetSocketAddress remoteAddress();

    /// For Torc's own observers: the head as it was sent; null if it did not arrive, or there was
    /// no memory to keep it in. Only its request line, where the rest was refused.
    @SuppressWarnings("exports")
    @Nullable RequestHead head();
}
