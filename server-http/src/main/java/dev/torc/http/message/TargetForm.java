package dev.torc.http.message;

/// The four forms of a request target (RFC 9112 section 3.2).
public enum TargetForm {
    /// `/path?query`
    ORIGIN,
    /// `http://host/path?query`
    ABSOLUTE,
    /// `host:port`, for `CONNECT` alone
    AUTHORITY,
    /// `*`, for `OPTIONS` alone
    ASTERISK
}
