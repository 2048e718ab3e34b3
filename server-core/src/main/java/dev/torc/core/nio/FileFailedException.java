package dev.torc.core.nio;

/// A file that is being sent is shorter than promised or cannot be read, as the message says.
final class FileFailedException extends Exception {
    private static final long serialVersionUID = 1;

    FileFailedException(String message) {
        super(message, null, false, false);
    }
}
