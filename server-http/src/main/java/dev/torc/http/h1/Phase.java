package dev.torc.http.h1;

/// What an [Http1Connection] is doing; which way it goes is drawn there.
enum Phase {
    HEAD,
    /// Collects a body that its handler wants as a whole.
    BODY,
    /// An answer is due. The body may still be arriving, for a handler that streams it.
    HANDLING,
    ANSWERED,
    /// An answer is under way. The body may still be arriving.
    STREAMING,
    /// The answer is complete and the body is not: what is left of it is dropped.
    DISCARDING,
    CLOSING;

    /// For a report, in a word or two. `requested`: some of a request is there. `sending`: not
    /// everything that was answered has gone.
    String activity(boolean requested, boolean sending) {
        return switch (this) {
            case HEAD -> requested ? "request head" : sending ? "response" : "idle";
            case BODY, DISCARDING -> "request body";
            case HANDLING -> "handler";
            case ANSWERED, STREAMING -> "response";
            case CLOSING -> sending ? "response" : "closing";
        };
    }
}
