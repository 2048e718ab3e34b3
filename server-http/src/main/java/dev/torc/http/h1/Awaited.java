package dev.torc.http.h1;

/// What an [Http1Connection] waits for: its peer or its handler.
enum Awaited {
    REQUEST,
    HEAD,
    BODY,
    HANDLER,
    /// An answer for a peer that will send no more.
    ANSWER,
    NOTHING
}
