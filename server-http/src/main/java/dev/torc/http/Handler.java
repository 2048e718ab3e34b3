package dev.torc.http;

/// Answers requests.
///
/// A handler runs on its shard's thread and must not block: while it does, none of the shard's
/// connections is served. What blocks goes through [Handlers#blocking(Handler)]. A response may
/// also be completed later, from any thread: keep the response, and [retain][Request#retain()] the
/// request if it is needed, too.
///
/// The request and its parts are borrowed: valid until this returns, unless retained.
public interface Handler {
    /// Answers `request` by one of the `send` methods of `response`, now or later. What it throws
    /// goes to the router's [exception mappers][ExceptionMapper]; without one it is logged and
    /// answered with 500, if nothing has been sent yet.
    void handle(Request request, Response response) throws Exception;

    /// Whether it wants to run as soon as the head of `request` is there, to receive the body
    /// itself. Asked before a request with a body is handled, on the shard's thread; of `request`
    /// only the head may be read. A handler made of others passes the question on. See
    /// [Handlers#streaming(Handler)].
    default boolean streamsBody(Request request) {
        return false;
    }
}
