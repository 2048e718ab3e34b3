package dev.torc.core.nio;

import java.io.IOException;
import java.net.SocketException;
import java.util.List;

/// Whether a failure on a socket only says that its peer has gone.
final class PeerHasGone {
    /// What the JDK says for ECONNRESET, EPIPE and ETIMEDOUT on Linux, macOS and Windows. It passes
    /// the errno on as text only.
    private static final List<String> TEXTS =
            List.of(
                    "Connection reset",
                    "Broken pipe",
                    "Connection timed out",
                    "Operation timed out",
                    "An existing connection was forcibly closed",
                    "An established connection was aborted");

    private PeerHasGone() {}

    static boolean isSaidBy(IOException failure) {
        String text = String.valueOf(failure.getMessage());
        return failure instanceof SocketException || TEXTS.stream().anyMatch(text::startsWith);
    }
}
