package dev.torc.http;

import dev.torc.http.RouteTree.Resource;
import dev.torc.http.RouteTree.Route;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/// What [RouteTree] found for a path: the resource's routes and the captured values. Reused from
/// match to match by its owner's thread.
///
/// A value is a range of the path's raw bytes, before percent-decoding. The ranges stay true as
/// long as the path's bytes stay where they were matched.
final class RouteMatch<T> {
    /// How a match ended.
    enum Outcome {
        /// The path names a resource; whether it takes the request's method is [#route(Method)]'s
        /// to say.
        FOUND,
        /// No template fits, but one would if a final slash were there, or were not.
        OTHER_SLASH,
        /// No template fits: 404.
        NOT_FOUND,
        /// Broken percent-encoding or not UTF-8 once decoded: 400.
        MALFORMED
    }

    private final long[] starts = new long[RouteTemplate.PARAMETERS_MAX];
    private final long[] ends = new long[RouteTemplate.PARAMETERS_MAX];
    private long path;
    private long end;
    private boolean encoded;
    private boolean slashAdded;
    private Outcome outcome = Outcome.NOT_FOUND;
    private @Nullable Resource<T> resource;
    private int parameterCount;

    /// The route for `method`: HEAD is answered by GET's unless it has its own (RFC 9110 9.3.2).
    /// Null if nothing was found or the resource does not take the method; the latter is a 405 with
    /// [#allow()], or for OPTIONS an answer with it.
    @Nullable Route<T> route(Method method) {
        return resource == null ? null : resource.route(method);
    }

    /// The value of the `Allow` field (RFC 9110 10.2.1): the methods routed, HEAD wherever GET is,
    /// and OPTIONS. Empty if nothing was found.
    String allow() {
        return resource == null ? "" : resource.allow();
    }

    /// The route of the resource that was added first, whatever its method; null if nothing was
    /// found.
    @Nullable Route<T> first() {
        return resource == null ? null : resource.first();
    }

    /// How many values were captured; their names are the route's `template().parameterNames()`.
    int parameterCount() {
        return parameterCount;
    }

    /// Where the raw value at `index` starts, in bytes from the start of the path.
    int offset(int index) {
        return (int) (starts[Objects.checkIndex(index, parameterCount)] - path);
    }

    /// Bytes of the raw value at `index`.
    int length(int index) {
        Objects.checkIndex(index, parameterCount);
        return (int) (ends[index] - starts[index]);
    }

    void begin(long path, int length, boolean encoded) {
        this.path = path;
        this.end = path + length;
        this.encoded = encoded;
        slashAdded = false;
        resource = null;
        parameterCount = 0;
    }

    /// Notes how the match ended.
    Outcome ended(Outcome how) {
        outcome = how;
        return how;
    }

    Outcome outcome() {
        return outcome;
    }

    long end() {
        return end;
    }

    boolean encoded() {
        return encoded;
    }

    /// Whether the path is to be read as if it ended in one more slash.
    boolean slashAdded() {
        return slashAdded;
    }

    void slashAdded(boolean added) {
        slashAdded = added;
    }

    void capture(int index, long start, long end) {
        starts[index] = start;
        ends[index] = end;
    }

    boolean found(Resource<T> resource, int parameterCount) {
        this.resource = resource;
        this.parameterCount = parameterCount;
        return true;
    }
}
