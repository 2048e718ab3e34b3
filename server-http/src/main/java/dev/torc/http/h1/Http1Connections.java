package dev.torc.http.h1;

import dev.torc.core.Shard;
import dev.torc.core.Throttle;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.http.Handler;
import dev.torc.http.HttpLimits;
import dev.torc.http.HttpTimeouts;
import dev.torc.http.Request;
import dev.torc.http.RequestObserver;
import dev.torc.http.Response;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;

/// What the HTTP/1.1 connections of one shard share: parser, writer, limits, the application's
/// handler, and exchanges that wait for their next request. On the shard's thread.
public final class Http1Connections implements ConnectionHandler.Factory {
    private static final Logger LOG = System.getLogger(Http1Connections.class.getName());
    private static final int SPARE_EXCHANGES_MAX = 1024;

    private final Shard shard;
    private final HttpLimits limits;
    private final Handler handler;
    private final @Nullable RequestObserver observer;
    private final RequestParser parser;
    private final ResponseWriter writer = new ResponseWriter();
    private final ArrayDeque<Http1Exchange> spare = new ArrayDeque<>();
    private final Throttle failures = new Throttle();
    private final long idleNanos;
    private final long headNanos;
    private final long bodyNanos;
    private final long bodyBytesMin;
    private final long handlerNanos;
    private final long answerNanos;
    private final long writeNanos;
    private final long checkNanos;

    public Http1Connections(Shard shard, HttpLimits limits, Handler handler) {
        this(shard, limits, null, handler);
    }

    public Http1Connections(
            Shard shard, HttpLimits limits, @Nullable RequestObserver observer, Handler handler) {
        this.shard = shard;
        this.limits = limits;
        this.handler = handler;
        this.observer = observer;
        parser = new RequestParser(limits);
        HttpTimeouts timeouts = limits.timeouts();
        idleNanos = timeouts.idle().toNanos();
        headNanos = timeouts.head().toNanos();
        bodyNanos = timeouts.body().toNanos();
        bodyBytesMin = Math.max(1, bytesWithin(limits.bodyBytesPerSecondMin(), bodyNanos));
        handlerNanos = timeouts.handler().toNanos();
        answerNanos = timeouts.answer().toNanos();
        writeNanos = timeouts.write().toNanos();
        checkNanos = timeouts.checkInterval().toNanos();
    }

    @Override
    public ConnectionHandler open(Connection connection) {
        return new Http1Connection(this, connection);
    }

    Shard shard() {
        return shard;
    }

    HttpLimits limits() {
        return limits;
    }

    Handler handler() {
        return handler;
    }

    /// Null where nobody observes.
    @Nullable RequestObserver observer() {
        return observer;
    }

    /// Answers go to their connection.
    void handOver() {
        if (observer == null) return;
        try {
            observer.onHandOver();
        } catch (Throwable failure) {
            logFailure("an observer of requests failed", failure);
        }
    }

    /// Calls the handler; should it hold the shard, the watchdog can name the request's route.
    void handle(Request request, Response response) throws Exception {
        shard.attend(request);
        try {
            handler.handle(request, response);
        } finally {
            shard.attend(null);
        }
    }

    RequestParser parser() {
        return parser;
    }

    ResponseWriter writer() {
        return writer;
    }

    long idleNanos() {
        return idleNanos;
    }

    long headNanos() {
        return headNanos;
    }

    long bodyNanos() {
        return bodyNanos;
    }

    /// Of a body, within [#bodyNanos()].
    long bodyBytesMin() {
        return bodyBytesMin;
    }

    long handlerNanos() {
        return handlerNanos;
    }

    long answerNanos() {
        return answerNanos;
    }

    long writeNanos() {
        return writeNanos;
    }

    long checkNanos() {
        return checkNanos;
    }

    Http1Exchange take(Http1Connection connection) {
        Http1Exchange exchange = spare.pollLast();
        if (exchange == null) exchange = new Http1Exchange(this);
        exchange.begin(connection);
        return exchange;
    }

    void giveBack(Http1Exchange exchange) {
        if (spare.size() < SPARE_EXCHANGES_MAX) spare.addLast(exchange);
    }

    Throttle failures() {
        return failures;
    }

    void logTimeout(Request request) {
        if (failures.allows(System.nanoTime())) {
            String seconds = limits.timeouts().handler().toMillis() / 1e3 + " s";
            String message = request + " has not been answered within " + seconds;
            LOG.log(Level.WARNING, message + ": 503" + failures.heldBack());
        }
    }

    private static long bytesWithin(int perSecond, long nanos) {
        return (long) (perSecond * (nanos / 1e9));
    }

    void logFailure(String message, Throwable failure) {
        if (failures.allows(System.nanoTime())) {
            LOG.log(Level.ERROR, message + failures.heldBack(), failure);
        }
    }
}
