package dev.torc.http.log;

/// How a request is told in a line of the access log.
///
/// What a client sends cannot forge a line: what is not printable ASCII is escaped in each of them,
/// and a target or field of excessive length is cut, which `...` shows.
public enum LogFormat {
    /// The Common Log Format: `127.0.0.1 - - [30/Nov/2026:01:31:01 +0000] "GET /a HTTP/1.1" 200
    /// 13`. A request that was cut before it had a status has 499, as with nginx.
    COMMON,
    /// [#COMMON], with the fields `Referer` and `User-Agent` behind it.
    COMBINED,
    /// An object a line, with the milliseconds of the time, the route, the microseconds that it
    /// took and the outcome: see `docs/operations.md`.
    JSON,
    /// For a person at a terminal: `01:31:01 127.0.0.1 GET /a 200 13 B 0.3 ms`.
    TERMINAL,
    /// [#TERMINAL], the status in colour.
    COLORED
}
