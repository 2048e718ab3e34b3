package dev.torc.http;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What the routes of a router or group share: prefix, filters, exception mappers and whether they
/// block. Filled at start by one thread, then read by all.
final class RouteScope {
    private final @Nullable RouteScope parent;
    private final String prefix;
    private final List<Filter> filters = new ArrayList<>();
    private final Map<Class<?>, ExceptionMapper<Throwable>> mappers = new HashMap<>();
    private @Nullable JsonCodec json;
    private @Nullable Handler unrouted;
    private boolean blocking;

    /// A router's.
    RouteScope() {
        parent = null;
        prefix = "";
    }

    /// A group's.
    ///
    /// @throws IllegalArgumentException for a prefix that is no start of a template
    RouteScope(RouteScope parent, String prefix) {
        if (!prefix.startsWith("/") || prefix.endsWith("/")) {
            throw new IllegalArgumentException(
                    "a group's prefix starts with '/' and does not end with it: prefix=" + prefix);
        }
        this.parent = parent;
        this.prefix = parent.prefix + prefix;
    }

    /// A template of this scope as one of the router.
    String template(String template) {
        if (parent != null && template.isEmpty()) return prefix;
        return prefix + template;
    }

    void filter(Filter filter) {
        filters.add(Objects.requireNonNull(filter));
    }

    void blocking() {
        blocking = true;
    }

    /// @throws IllegalArgumentException if the scope has one for exactly this type
    <E extends Throwable> void onException(Class<E> type, ExceptionMapper<? super E> mapper) {
        Objects.requireNonNull(mapper);
        ExceptionMapper<Throwable> any =
                (failure, request, response) ->
                        mapper.handle(type.cast(failure), request, response);
        if (mappers.putIfAbsent(type, any) != null) {
            throw new IllegalArgumentException("there is a mapper for " + type.getName());
        }
    }

    /// The mapper for the nearest type that `failure` has, here or else farther out.
    @Nullable ExceptionMapper<Throwable> mapper(Throwable failure) {
        for (RouteScope scope = this; scope != null; scope = scope.parent) {
            for (Class<?> type = failure.getClass(); type != null; type = type.getSuperclass()) {
                ExceptionMapper<Throwable> mapper = scope.mappers.get(type);
                if (mapper != null) return mapper;
            }
        }
        return null;
    }

    void json(JsonCodec codec) {
        json = codec;
    }

    /// The router's codec, or null.
    @Nullable JsonCodec json() {
        return parent == null ? json : parent.json();
    }

    /// `handler` behind the filters of this scope and those around it.
    Handler chain(Handler handler) {
        Handler chained = new Marked(handler);
        for (RouteScope scope = this; scope != null; scope = scope.parent) {
            for (Filter filter : scope.filters.reversed()) {
                chained = new Filtered(filter, chained);
            }
            boolean outermost = scope.parent == null || !scope.parent.isBlocking();
            if (scope.blocking && outermost) chained = Handlers.blocking(chained);
        }
        return chained;
    }

    /// What answers where no route does, behind the filters.
    void buildUnrouted(Handler handler) {
        unrouted = chain(handler);
    }

    void handleUnrouted(Request request, Response response) throws Exception {
        Handler built = unrouted;
        if (built == null) throw new IllegalStateException("the routes are not built");
        built.handle(request, response);
    }

    private boolean isBlocking() {
        return blocking || (parent != null && parent.isBlocking());
    }

    /// A failure within undoes what `handler` has made of the response, and nothing before.
    private record Marked(Handler handler) implements Handler {
        @Override
        public void handle(Request request, Response response) throws Exception {
            response.mark();
            handler.handle(request, response);
        }
    }

    private record Filtered(Filter filter, Handler next) implements Handler {
        @Override
        public void handle(Request request, Response response) throws Exception {
            response.mark();
            filter.handle(request, response, next);
        }
    }
}
