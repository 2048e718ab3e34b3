package dev.torc.http;

import dev.torc.http.RouteTree.Route;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.RequestHead;
import dev.torc.http.message.TargetForm;

/// Chooses a handler by path and method.
///
/// ```java
/// Router router = new Router()
///         .get("/", (request, response) -> response.send("Hello"))
///         .get("/users/{id}", users::show)
///         .get("/assets/{path...}", assets);
/// ```
///
/// A template's segments are literal text, `{name}` (one segment) or, last, `{name...}` (the rest
/// of the path). Literals win over parameters, whatever the order in which routes were added. HEAD
/// is answered by GET's handler. Without a handler of the application's: 404 for an unknown path;
/// 405 with `Allow` for a method that the path does not take, 501 for one that Torc has no name
/// for; 204 with `Allow` for OPTIONS.
///
/// Add every route before the server starts; matching is done by all shards at once.
public final class Router implements Handler {
    private static final String ALLOW_ANY = "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS";
    private static final byte[] NOT_FOUND_TEXT = Ascii.bytes("404 Not Found\n");

    private final RouteTree<Handler> tree = new RouteTree<>();

    public Router() {}

    public Router get(String template, Handler handler) {
        return route(Method.GET, template, handler);
    }

    public Router post(String template, Handler handler) {
        return route(Method.POST, template, handler);
    }

    public Router put(String template, Handler handler) {
        return route(Method.PUT, template, handler);
    }

    public Router delete(String template, Handler handler) {
        return route(Method.DELETE, template, handler);
    }

    /// Adds a route.
    ///
    /// @throws IllegalArgumentException for a malformed template, or one that an earlier route has
    ///   already
    public Router route(Method method, String template, Handler handler) {
        tree.add(method, template, handler);
        return this;
    }

    @Override
    public void handle(Request request, Response response) throws Exception {
        RequestHead head = request.head();
        if (head.form() == TargetForm.ASTERISK) {
            response.status(Status.NO_CONTENT).header("Allow", ALLOW_ANY).send();
            return;
        }
        long path = head.address() + head.pathStart();
        int length = head.pathEnd() - head.pathStart();
        switch (tree.match(path, length, request.match())) {
            case FOUND -> found(request, response);
            case NOT_FOUND ->
                    response.status(Status.NOT_FOUND)
                            .contentType(MediaType.TEXT_PLAIN_UTF_8)
                            .send(NOT_FOUND_TEXT);
            case MALFORMED ->
                    response.status(Status.BAD_REQUEST)
                            .send("400 Bad Request: the path is not UTF-8 once decoded\n");
        }
    }

    private void found(Request request, Response response) throws Exception {
        Route<Handler> route = request.match().route(request.method());
        if (route != null) {
            request.routed(route);
            route.target().handle(request, response);
            return;
        }
        response.header("Allow", request.match().allow());
        switch (request.method()) {
            case OPTIONS -> response.status(Status.NO_CONTENT).send();
            case OTHER -> response.status(Status.NOT_IMPLEMENTED).send("501 Not Implemented\n");
            default -> response.status(Status.METHOD_NOT_ALLOWED).send("405 Method Not Allowed\n");
        }
    }
}
