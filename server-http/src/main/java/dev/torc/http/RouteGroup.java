package dev.torc.http;

import java.util.function.Consumer;

/// Routes below a prefix, with filters and exception mappers of their own; see
/// [Router#group(String, Consumer)]. Used by one thread, before the server starts.
public final class RouteGroup {
    private final Router router;
    private final RouteScope scope;

    RouteGroup(Router router, RouteScope scope) {
        this.router = router;
        this.scope = scope;
    }

    public RouteGroup get(String template, Handler handler) {
        return route(Method.GET, template, handler);
    }

    public RouteGroup post(String template, Handler handler) {
        return route(Method.POST, template, handler);
    }

    public RouteGroup put(String template, Handler handler) {
        return route(Method.PUT, template, handler);
    }

    public RouteGroup patch(String template, Handler handler) {
        return route(Method.PATCH, template, handler);
    }

    public RouteGroup delete(String template, Handler handler) {
        return route(Method.DELETE, template, handler);
    }

    /// Adds a route, whose template goes on behind the prefix; an empty one is the prefix itself.
    ///
    /// @throws IllegalArgumentException as [Router#route(Method, String, Handler)] does
    public RouteGroup route(Method method, String template, Handler handler) {
        router.add(scope, method, template, handler);
        return this;
    }

    /// Adds a group below this one.
    public RouteGroup group(String prefix, Consumer<RouteGroup> routes) {
        router.addGroup(scope, prefix, routes);
        return this;
    }

    /// Adds a filter for all routes of this group and of groups in it.
    public RouteGroup filter(Filter filter) {
        router.checkOpen();
        scope.filter(filter);
        return this;
    }

    /// Adds a mapper for failures of this type, and of its subtypes that have none of their own in
    /// this group. It comes before those of the router and of groups around this one.
    ///
    /// @throws IllegalArgumentException if the group has one for this type
    public <E extends Throwable> RouteGroup onException(
            Class<E> type, ExceptionMapper<? super E> mapper) {
        router.checkOpen();
        scope.onException(type, mapper);
        return this;
    }

    /// Runs everything of this group and of groups in it as [Handlers#blocking(Handler)] does: one
    /// virtual thread for a request's filters, handler and mapper.
    public RouteGroup blocking() {
        router.checkOpen();
        scope.blocking();
        return this;
    }
}
