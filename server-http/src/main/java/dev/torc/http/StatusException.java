package dev.torc.http;

/// Ends a request with a status and a line that says why, from wherever in a handler or filter:
///
/// ```java
/// throw new StatusException(Status.CONFLICT, "this name is taken");
/// ```
///
/// Unless an [ExceptionMapper] takes it, the answer is a text such as `409 Conflict: this name is
/// taken`; it is not logged. The message is for the peer: nothing that it must not know, nor what
/// it sent. Has no stack trace, since it tells of no error in the program.
public final class StatusException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Status status;

    /// @throws IllegalArgumentException if `status` is not one of 4xx and 5xx
    public StatusException(Status status, String message) {
        super(message, null, false, false);
        if (status.code() < 400) {
            throw new IllegalArgumentException("status must be 4xx or 5xx: status=" + status);
        }
        this.status = status;
    }

    public Status status() {
        return status;
    }
}
