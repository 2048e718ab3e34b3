package dev.torc.examples;

import dev.torc.http.ExceptionMapper;
import dev.torc.http.MediaType;
import dev.torc.http.Status;

/// A failure as a client of an API is told of it (RFC 9457).
record Problem(String title, int status) {
    /// Answers failures with their message and this status.
    static ExceptionMapper<Exception> as(Status status) {
        return (failure, _, response) ->
                response.status(status)
                        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                        .json(new Problem(String.valueOf(failure.getMessage()), status.code()));
    }
}
