package dev.torc.http;

/// Handlers made of handlers.
public final class Handlers {
    private Handlers() {}

    /// Runs `handler` on a virtual thread of its own, where it may block, sleep and use
    /// [Request#inputStream()] and [Response#outputStream()]. It answers before it returns; what it
    /// did not answer is answered with 500. Requests of other connections go on meanwhile. Within
    /// another blocking handler it runs on that one's thread.
    public static Handler blocking(Handler handler) {
        return new Blocking(handler);
    }

    /// Runs `handler` at a request's head, before the body is there. It takes the body by
    /// [Request#receive(BodyConsumer)] or, if it is [blocking][#blocking(Handler)], by
    /// [Request#inputStream()], and may answer without having done so. The body may be as large as
    /// [HttpLimits#streamedBodyBytesMax()]. Filters before it run at the head, too.
    ///
    /// A peer that sends `Expect: 100-continue` waits before it sends the body: it is told to go on
    /// when the body is first asked for. An answer that comes first ends the connection.
    public static Handler streaming(Handler handler) {
        return new Streaming(handler);
    }

    private record Streaming(Handler handler) implements Handler {
        @Override
        public void handle(Request request, Response response) throws Exception {
            handler.handle(request, response);
        }

        @Override
        public boolean streamsBody(Request request) {
            return true;
        }
    }

    private record Blocking(Handler handler) implements Handler {
        @Override
        public void handle(Request request, Response response) throws Exception {
            if (response.isBlocking()) {
                handler.handle(request, response);
                return;
            }
            request.retain();
            Thread.ofVirtual().name("torc-handler").start(() -> run(request, response));
        }

        @Override
        public boolean streamsBody(Request request) {
            return handler.streamsBody(request);
        }

        private void run(Request request, Response response) {
            response.blocking(Thread.currentThread());
            try {
                handler.handle(request, response);
                response.closeOutput();
                if (!response.isCommitted()) throw unanswered("the handler");
            } catch (Throwable failure) {
                fail(response, failure);
            }
        }

        /// A stream that the handler has begun is not ended as if it were complete.
        private static void fail(Response response, Throwable failure) {
            boolean begun = response.isCommitted();
            response.fail(failure);
            if (!begun) response.closeOutput();
            if (!response.isCommitted()) response.fail(unanswered("an exception mapper"));
        }

        private static IllegalStateException unanswered(String what) {
            return new IllegalStateException(what + " returned without a response");
        }
    }
}
