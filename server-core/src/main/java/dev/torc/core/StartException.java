package dev.torc.core;

import org.jspecify.annotations.Nullable;

/// The server could not start. The message is one line for the person who started it: what
/// happened, with which value, and what to do.
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StartException(String message) {
        this(message, null);
    }

    public StartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
