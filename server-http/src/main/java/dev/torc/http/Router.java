package dev.torc.http;

import dev.torc.http.RouteMatch.Outcome;
import dev.torc.http.RouteTree.Route;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.RequestHead;
import dev.torc.http.message.TargetForm;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/// Chooses a handler by path and method.
///
/// ```java
/// Router router = new Router()
///         .filter(new RequestIds())
///         .get("/", (request, response) -> response.send("Hello"))
///         .group("/users", users -> users
///                 .filter(login)
///                 .get("/{id:int}", User::show))
///         .get("/assets/{path...}", assets);
/// ```
///
/// A template's segments are literal text, `{name}` (one segment), `{name:type}` (one that is an
/// `int`, `long`, `uuid` or of a type of the application's) or, last, `{name...}` (the rest of the
/// path). Literals win over typed parameters and those over untyped ones, whatever the order in
/// which routes were added. HEAD is answered by GET's handler. Without a handler of the
/// application's: 404 for an unknown path; 405 with `Allow` for a method that the path does not
/// take, 501 for one that Torc has no name for and for CONNECT; 204 with `Allow` for OPTIONS.
///
/// Add everything before the server starts; matching is done by all shards at once.
public final class Router implements Handler {
    private static final String ALLOW_ANY = "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS";
    private static final byte[] NOT_FOUND_TEXT = Ascii.bytes("404 Not Found\n");
    private static final int LOCATION_CHARACTERS_MAX = 16 * 1024;

    private final ParameterTypes types = new ParameterTypes();
    private final RouteTree<Endpoint> tree = new RouteTree<>(types);
    private final RouteScope scope = new RouteScope();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final List<RouteScope> scopes = new ArrayList<>(List.of(scope));
    private Handler notFound = Router::sayNotFound;
    private Handler methodNotAllowed = Router::sayMethodNotAllowed;
    private TrailingSlash trailingSlash = TrailingSlash.STRICT;
    private volatile boolean built;

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

    public Router patch(String template, Handler handler) {
        return route(Method.PATCH, template, handler);
    }

    public Router delete(String template, Handler handler) {
        return route(Method.DELETE, template, handler);
    }

    /// Adds a route. [Method#OTHER] stands for every method that Torc has no name for.
    ///
    /// @throws IllegalArgumentException for a malformed template, a type that is not known, or a
    ///   template that matches the same requests as an earlier one, with both
    public Router route(Method method, String template, Handler handler) {
        add(scope, method, template, handler);
        return this;
    }

    /// Adds routes below a prefix such as `/api` or `/users/{id}`, which may have filters and
    /// exception mappers of their own.
    public Router group(String prefix, Consumer<RouteGroup> routes) {
        addGroup(scope, prefix, routes);
        return this;
    }

    /// Adds a filter for every request.
    public Router filter(Filter filter) {
        checkOpen();
        scope.filter(filter);
        return this;
    }

    /// Adds a mapper for failures of this type, and of its subtypes that have none of their own: of
    /// handlers, filters, and those told by [Response#fail(Throwable)]. A group's come first.
    ///
    /// @throws IllegalArgumentException if the router has one for this type
    public <E extends Throwable> Router onException(
            Class<E> type, ExceptionMapper<? super E> mapper) {
        checkOpen();
        scope.onException(type, mapper);
        return this;
    }

    /// Lets templates that are added from now on say `{name:type}` with this type. Where several
    /// types are at one place, those added earlier are tried first, `int`, `long` and `uuid` before
    /// all others.
    ///
    /// @throws IllegalArgumentException if there is a type of this name
    public Router parameterType(String name, ParameterType type) {
        checkOpen();
        types.add(name, Objects.requireNonNull(type));
        return this;
    }

    /// Answers what no route takes; the status is set to 404 already.
    public Router notFound(Handler handler) {
        checkOpen();
        notFound = Objects.requireNonNull(handler);
        return this;
    }

    /// Answers a method that the path does not take; the status is set to 405 already, or 501 for a
    /// method that Torc has no name for, and `Allow` is added.
    public Router methodNotAllowed(Handler handler) {
        checkOpen();
        methodNotAllowed = Objects.requireNonNull(handler);
        return this;
    }

    /// What to make of `/a` where only `/a/` is a route, and the other way round.
    public Router trailingSlash(TrailingSlash policy) {
        checkOpen();
        trailingSlash = policy;
        return this;
    }

    /// What [Request#json(Class)] and [Response#json(Object)] read and write with.
    public Router json(JsonCodec codec) {
        checkOpen();
        scope.json(Objects.requireNonNull(codec));
        return this;
    }

    @Override
    public void handle(Request request, Response response) throws Exception {
        if (!built) build();
        response.mark();
        request.route().within(scope);
        if (find(request)) {
            found(request, response, request.route().match());
        } else {
            scope.handleUnrouted(request, response);
        }
    }

    /// Whether the path names a resource.
    private boolean find(Request request) {
        RouteMatch<Endpoint> match = request.route().match();
        RequestHead head = request.head();
        long path = head.address() + head.pathStart();
        int length = head.pathEnd() - head.pathStart();
        Outcome outcome = tree.match(path, length, match);
        if (outcome == Outcome.NOT_FOUND && trailingSlash != TrailingSlash.STRICT) {
            outcome = tree.matchOtherSlash(path, length, match);
        }
        return outcome == Outcome.FOUND
                || (outcome == Outcome.OTHER_SLASH && trailingSlash == TrailingSlash.IGNORE);
    }

    /// What the route says that the request will take.
    @Override
    public boolean streamsBody(Request request) {
        if (!built) build();
        if (!find(request)) return false;
        Route<Endpoint> route = request.route().match().route(request.method());
        return route != null && route.target().streamsBody(request);
    }

    private static void found(Request request, Response response, RouteMatch<Endpoint> match)
            throws Exception {
        Route<Endpoint> route = match.route(request.method());
        if (route != null) {
            request.route().found(route);
            route.target().handle(request, response);
            return;
        }
        Route<Endpoint> other = match.first();
        if (other == null) throw new IllegalStateException("a resource without a route");
        request.route().within(other.target().scope());
        other.target().scope().handleUnrouted(request, response);
    }

    /// The innermost handler of what no route takes.
    private void unrouted(Request request, Response response) throws Exception {
        if (request.head().form() == TargetForm.ASTERISK) {
            response.status(Status.NO_CONTENT).header("Allow", ALLOW_ANY).send();
            return;
        }
        if (request.head().form() == TargetForm.AUTHORITY) {
            // RFC 9110 section 9.1: a method not implemented, as in most servers (section 9.3.6)
            response.status(Status.NOT_IMPLEMENTED).send("501 Not Implemented: no tunnels here\n");
            return;
        }
        RouteMatch<Endpoint> match = request.route().match();
        boolean redirects = trailingSlash == TrailingSlash.REDIRECT;
        switch (match.outcome()) {
            case NOT_FOUND -> missing(request, response);
            case MALFORMED ->
                    response.status(Status.BAD_REQUEST)
                            .send("400 Bad Request: the path is not UTF-8 once decoded\n");
            case FOUND -> refused(request, response, match.allow());
            case OTHER_SLASH -> {
                if (redirects) {
                    redirect(request, response);
                } else {
                    refused(request, response, match.allow());
                }
            }
        }
    }

    private void missing(Request request, Response response) throws Exception {
        response.status(Status.NOT_FOUND);
        notFound.handle(request, response);
    }

    private void refused(Request request, Response response, String allow) throws Exception {
        response.header("Allow", allow);
        if (request.method() == Method.OPTIONS) {
            response.status(Status.NO_CONTENT).send();
            return;
        }
        boolean other = request.method() == Method.OTHER;
        response.status(other ? Status.NOT_IMPLEMENTED : Status.METHOD_NOT_ALLOWED);
        methodNotAllowed.handle(request, response);
    }

    /// To this server in any case: a target that starts with two slashes would name another (RFC
    /// 3986 section 4.2).
    private void redirect(Request request, Response response) throws Exception {
        RequestHead head = request.head();
        String path = head.path();
        String other = path.endsWith("/") ? path.substring(0, path.length() - 1) : path + "/";
        String location = head.hasQuery() ? other + "?" + head.query() : other;
        boolean elsewhere = other.startsWith("//") || other.startsWith("/\\");
        if (elsewhere || location.length() > LOCATION_CHARACTERS_MAX) {
            missing(request, response);
        } else {
            response.status(Status.PERMANENT_REDIRECT).header("Location", location).send();
        }
    }

    private static void sayNotFound(Request request, Response response) {
        response.contentType(MediaType.TEXT_PLAIN_UTF_8).send(NOT_FOUND_TEXT);
    }

    private static void sayMethodNotAllowed(Request request, Response response) {
        boolean other = request.method() == Method.OTHER;
        response.send(other ? "501 Not Implemented\n" : "405 Method Not Allowed\n");
    }

    // ---- the routes

    void add(RouteScope in, Method method, String template, Handler handler) {
        checkOpen();
        Endpoint endpoint = new Endpoint(in, Objects.requireNonNull(handler));
        tree.add(method, in.template(template), endpoint);
        endpoints.add(endpoint);
    }

    void addGroup(RouteScope in, String prefix, Consumer<RouteGroup> routes) {
        checkOpen();
        RouteScope group = new RouteScope(in, prefix);
        scopes.add(group);
        routes.accept(new RouteGroup(this, group));
    }

    void checkOpen() {
        if (built) {
            throw new IllegalStateException(
                    "the router serves requests already: complete it before the server starts");
        }
    }

    /// At the first request, when everything is there.
    private synchronized void build() {
        if (built) return;
        for (Endpoint endpoint : endpoints) endpoint.build();
        for (RouteScope one : scopes) one.buildUnrouted(this::unrouted);
        built = true;
    }
}
