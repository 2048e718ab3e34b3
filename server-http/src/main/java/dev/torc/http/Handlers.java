package dev.torc.http;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Handlers made of handlers.
public final class Handlers {
    private static final Logger LOG = System.getLogger(Handlers.class.getName());

    private Handlers() {}

    /// Runs `handler` on a virtual thread of its own, where it may block, sleep and use
    /// [Response#outputStream()]. It answers before it returns; what it did not answer is answered
    /// with 500. Requests of other connections go on meanwhile.
    public static Handler blocking(Handler handler) {
        return (request, response) -> {
            request.retain();
            Thread.ofVirtual().name("torc-handler").start(() -> run(handler, request, response));
        };
    }

    private static void run(Handler handler, Request request, Response response) {
        try {
            handler.handle(request, response);
            response.closeOutput();
            if (!response.isCommitted()) {
                LOG.log(Level.ERROR, "a blocking handler returned without a response");
                response.status(Status.INTERNAL_SERVER_ERROR).send();
            }
        } catch (Throwable failure) {
            LOG.log(Level.ERROR, "handler failed", failure);
            fail(response);
        }
    }

    private static void fail(Response response) {
        if (response.isCommitted()) {
            response.abort();
        } else {
            response.begin();
            response.status(Status.INTERNAL_SERVER_ERROR).send();
        }
    }
}
