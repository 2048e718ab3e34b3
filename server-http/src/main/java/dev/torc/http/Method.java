package dev.torc.http;

/// The methods Torc tells apart (RFC 9110 section 9, RFC 5789). The names are the bytes on the
/// wire: methods are case-sensitive.
public enum Method {
    GET,
    HEAD,
    POST,
    PUT,
    DELETE,
    PATCH,
    OPTIONS,
    TRACE,
    CONNECT,
    /// Any other token; the request has its text.
    OTHER
}
