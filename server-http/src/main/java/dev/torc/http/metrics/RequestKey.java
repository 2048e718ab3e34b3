package dev.torc.http.metrics;

import dev.torc.http.Method;

import org.jspecify.annotations.Nullable;

/// What requests that are counted together have in common.
///
/// @param route the template that matched; empty without one
/// @param status 0 where none was told
/// @param failure the class of what the handler failed with: its simple name, if it has one
/// @param cut whether the connection ended before the answer was complete
record RequestKey(String route, Method method, int status, @Nullable String failure, boolean cut) {
    /// Of all that came when there were too many different ones already.
    static final RequestKey REST = new RequestKey("(rest)", Method.OTHER, 0, null, false);

    /// The template, or what stands for it where none matched, as Spring names that.
    String uri() {
        if (!route.isEmpty()) return route;
        if (status == 404) return "NOT_FOUND";
        return status / 100 == 3 ? "REDIRECTION" : "UNKNOWN";
    }

    String outcome() {
        if (cut) return "UNKNOWN";
        return switch (status / 100) {
            case 1 -> "INFORMATIONAL";
            case 2 -> "SUCCESS";
            case 3 -> "REDIRECTION";
            case 4 -> "CLIENT_ERROR";
            case 5 -> "SERVER_ERROR";
            default -> "UNKNOWN";
        };
    }

    String statusText() {
        return status == 0 ? "UNKNOWN" : Integer.toString(status);
    }

    /// `error.type` of OpenTelemetry; empty without an error.
    String errorType() {
        if (failure != null) return failure;
        if (cut) return "cut";
        return status >= 500 ? Integer.toString(status) : "";
    }
}
