package dev.torc.http;

/// What a router makes of a path that no route takes, but one would with, or without, a final
/// slash. A route that takes the path as it is always comes first.
public enum TrailingSlash {
    /// 404: `/a` and `/a/` are two resources.
    STRICT,
    /// The route takes it.
    IGNORE,
    /// 308 to the path that the route takes, with the same query.
    REDIRECT
}
