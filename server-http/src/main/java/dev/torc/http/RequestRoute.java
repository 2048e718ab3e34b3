package dev.torc.http;

import dev.torc.http.ParameterTypes.Named;
import dev.torc.http.RouteTree.Route;
import dev.torc.http.message.RequestHead;

import org.jspecify.annotations.Nullable;

/// Where a request was routed: the route, the scope that answers for its failures, and where in the
/// path the route's parameters are. One for each [Request], used again with it; on the shard's
/// thread until a handler has it.
final class RequestRoute {
    private final RequestHead head;
    private final RouteMatch<Endpoint> match = new RouteMatch<>();
    private @Nullable Route<Endpoint> route;
    private @Nullable RouteScope scope;

    RequestRoute(RequestHead head) {
        this.head = head;
    }

    void reset() {
        route = null;
        scope = null;
    }

    RouteMatch<Endpoint> match() {
        return match;
    }

    void found(Route<Endpoint> matched) {
        route = matched;
        scope = matched.target().scope();
    }

    /// The request's failures are this scope's.
    void within(RouteScope around) {
        route = null;
        scope = around;
    }

    @Nullable ExceptionMapper<Throwable> mapper(Throwable failure) {
        RouteScope around = scope;
        return around == null ? null : around.mapper(failure);
    }

    /// The router's codec, if it has one.
    @Nullable JsonCodec json() {
        RouteScope around = scope;
        return around == null ? null : around.json();
    }

    /// Empty outside of a router.
    String template() {
        Route<Endpoint> current = route;
        return current == null ? "" : current.template().toString();
    }

    /// The index of the route's `{name}`.
    ///
    /// @throws IllegalArgumentException when it has none
    int parameter(String name) {
        return routeTemplate().parameter(name);
    }

    int parameter(String name, Named type, Named narrower) {
        return routeTemplate().parameter(name, type, narrower);
    }

    /// Where the value of a parameter starts, percent-encoded as it was sent.
    long valueStart(int parameter) {
        return head.address() + head.pathStart() + match.offset(parameter);
    }

    int valueLength(int parameter) {
        return match.length(parameter);
    }

    long valueEnd(int parameter) {
        return valueStart(parameter) + match.length(parameter);
    }

    /// Method and template, for a log.
    @Override
    public String toString() {
        Route<Endpoint> current = route;
        return current == null ? "no route" : current.toString();
    }

    private RouteTemplate routeTemplate() {
        Route<Endpoint> current = route;
        if (current == null) throw new IllegalArgumentException("there is no route");
        return current.template();
    }
}
