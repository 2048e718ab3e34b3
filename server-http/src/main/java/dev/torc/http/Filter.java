package dev.torc.http;

/// Stands before the handlers of a router or group: lets a request pass by calling `next`, or
/// answers it itself.
///
/// ```java
/// router.filter((request, response, next) -> {
///     if (isAllowed(request)) next.handle(request, response);
///     else response.status(Status.FORBIDDEN).send();
/// });
/// ```
///
/// Filters are passed in the order they were added, a router's before a group's and an outer
/// group's before an inner's, whichever of filters and routes were added first. A router's are
/// passed for every request, also when no route takes it; a group's for the paths of its routes,
/// also when the method is not one of theirs.
///
/// A filter runs where its handler does, and must not block unless the group is
/// [blocking][RouteGroup#blocking()]. It may keep `next`, [retain][Request#retain()] the request
/// and go on later; a failure is then its own to [report][Response#fail(Throwable)]. When `next`
/// returns the response need not be there yet. A filter is used by all shards at once.
public interface Filter {
    void handle(Request request, Response response, Handler next) throws Exception;
}
