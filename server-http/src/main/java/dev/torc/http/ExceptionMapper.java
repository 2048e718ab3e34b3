package dev.torc.http;

/// Answers requests whose handler or filter failed.
///
/// Called once for a failure, on the thread on which it happened: the shard's thread for a handler
/// that runs there (a mapper must not block it), the virtual thread of a blocking one. The response
/// is as it was before the handler that failed: fields that filters added before it stay, the
/// handler's own are gone. May answer later like any handler.
///
/// The request may be over if the handler has returned and did not retain it: [Request#id()] and
/// [Request#routeTemplate()] can be read in any case. What a mapper throws is answered with 500.
///
/// @param <E> the failures it takes
public interface ExceptionMapper<E extends Throwable> {
    void handle(E failure, Request request, Response response) throws Exception;
}
