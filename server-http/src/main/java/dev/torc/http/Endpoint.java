package dev.torc.http;

import org.jspecify.annotations.Nullable;

/// Where a route leads: the application's handler and, once the routes are built, the filters
/// before it.
final class Endpoint {
    private final RouteScope scope;
    private final Handler handler;
    private @Nullable Handler chain;

    Endpoint(RouteScope scope, Handler handler) {
        this.scope = scope;
        this.handler = handler;
    }

    RouteScope scope() {
        return scope;
    }

    void build() {
        chain = scope.chain(handler);
    }

    boolean streamsBody(Request request) {
        return handler.streamsBody(request);
    }

    void handle(Request request, Response response) throws Exception {
        Handler built = chain;
        if (built == null) throw new IllegalStateException("the routes are not built");
        built.handle(request, response);
    }
}
