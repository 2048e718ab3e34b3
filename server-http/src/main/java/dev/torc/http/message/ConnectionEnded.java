package dev.torc.http.message;

import java.io.IOException;

/// What whoever reads a request's body or writes a response's is told when nothing more will come
/// or go. Not an error of theirs.
public final class ConnectionEnded extends IOException {
    private static final long serialVersionUID = 1;
    private static final int CAUSES_MAX = 16; // they may form a circle

    public ConnectionEnded(String reason) {
        super(reason);
    }

    /// Whether `failure` is, or was caused by, such an end.
    public static boolean isIn(Throwable failure) {
        Throwable at = failure;
        for (int i = 0; i < CAUSES_MAX && at != null; i++) {
            if (at instanceof ConnectionEnded) return true;
            at = at.getCause();
        }
        return false;
    }
}
