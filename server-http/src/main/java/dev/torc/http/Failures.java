package dev.torc.http;

import dev.torc.core.Throttle;
import dev.torc.http.message.ConnectionEnded;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/// What becomes of a request that failed: the route's mapper answers it, else it is logged and
/// answered with 500. On the thread on which it failed.
final class Failures {
    private static final Logger LOG = System.getLogger(Failures.class.getName());

    private Failures() {}

    static void map(Throwable failure, Request request, Response response) {
        Throwable cause = cause(failure);
        ExceptionMapper<Throwable> mapper = request.route().mapper(cause);
        if (mapper == null || response.isCommitted()) {
            answer(failure, cause, request, response);
            return;
        }
        response.rewind();
        try {
            mapper.handle(cause, request, response);
        } catch (Throwable second) {
            if (!second.equals(failure)) second.addSuppressed(failure);
            answer(second, second, request, response);
        }
    }

    /// Answers as if there were no mapper.
    static void answer(Throwable failure, Request request, Response response) {
        answer(failure, cause(failure), request, response);
    }

    private static void answer(
            Throwable failure, Throwable cause, Request request, Response response) {
        if (response.isCommitted()) {
            log(failure, request, " failed after it had begun to answer: ");
            response.abortIncomplete();
        } else if (cause instanceof StatusException told) {
            response.rewind();
            response.status(told.status())
                    .send(told.status() + ": " + String.valueOf(told.getMessage()) + "\n");
        } else {
            log(failure, request, " failed: ");
            response.rewind();
            response.status(Status.INTERNAL_SERVER_ERROR).send("500 Internal Server Error\n");
        }
    }

    /// A peer can cause either, as often as it likes; that it goes away is its right.
    private static void log(Throwable failure, Request request, String what) {
        String message = "request " + request.id() + what + request;
        Throttle throttle = request.failures();
        if (ConnectionEnded.isIn(failure)) {
            LOG.log(Level.DEBUG, message + ": its connection ended", failure);
        } else if (throttle.allows(System.nanoTime())) {
            LOG.log(Level.ERROR, message + throttle.heldBack(), failure);
        }
    }

    /// What a future failed with, without the future's own wrapping.
    private static Throwable cause(Throwable failure) {
        boolean wrapped =
                failure instanceof CompletionException || failure instanceof ExecutionException;
        @Nullable Throwable cause = failure.getCause();
        return wrapped && cause != null ? cause : failure;
    }
}
