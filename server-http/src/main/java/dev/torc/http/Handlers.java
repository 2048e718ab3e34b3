package dev.torc.http;

import dev.torc.core.Throttle;

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
        return new Blocking(handler, new Throttle());
    }

    private record Blocking(Handler handler, Throttle failures) implements Handler {
        @Override
        public void handle(Request request, Response response) {
            request.retain();
            Thread.ofVirtual().name("torc-handler").start(() -> run(request, response));
        }

        private void run(Request request, Response response) {
            try {
                handler.handle(request, response);
                response.closeOutput();
                if (!response.isCommitted()) {
                    throw new IllegalStateException("it returned without a response");
                }
            } catch (Throwable failure) {
                log(failure);
                fail(response);
            }
        }

        /// A peer can cause either, as often as it likes; that it goes away is its right.
        private void log(Throwable failure) {
            if (BlockingBody.tellsOfTheEnd(failure)) {
                LOG.log(Level.DEBUG, "the connection ended while a handler wrote to it", failure);
            } else if (failures.allows(System.nanoTime())) {
                LOG.log(Level.ERROR, "a blocking handler failed" + failures.heldBack(), failure);
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
}
