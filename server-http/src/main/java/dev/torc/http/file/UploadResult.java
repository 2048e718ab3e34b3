package dev.torc.http.file;

import dev.torc.http.Response;
import dev.torc.http.Status;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/// How an upload has ended, and what its sender is told.
enum UploadResult {
    /// There was no file of this name.
    CREATED(Status.CREATED, ""),
    /// Another file had this name.
    REPLACED(Status.NO_CONTENT, ""),
    CONDITION_FAILED(Status.PRECONDITION_FAILED, "nothing was stored"),
    CONDITION_MALFORMED(Status.BAD_REQUEST, "an entity tag of a condition is malformed"),
    /// A part of a file, which an origin is not to take for the whole (RFC 9110 14.5).
    PARTIAL(Status.BAD_REQUEST, "send the whole file, without Content-Range"),
    CODED(Status.UNSUPPORTED_MEDIA_TYPE, "send the file as it is, without Content-Encoding"),
    NOT_A_NAME(Status.NOT_FOUND, "no file can have this name here"),
    NO_DIRECTORY(Status.CONFLICT, "there is no such directory to store it in"),
    NOT_A_FILE(Status.CONFLICT, "the name is taken by something else than a file"),
    DENIED(Status.FORBIDDEN, "the server may not write here"),
    FULL(Status.INSUFFICIENT_STORAGE, "there is no room for the file; nothing was stored"),
    /// It is stored, and may be lost with the machine: its directory is not on the disk yet.
    NOT_FORCED(
            Status.INTERNAL_SERVER_ERROR,
            "the file was stored, but its directory could not be forced to the disk"),
    /// Too many uploads, or no descriptor is left, which passes.
    EXHAUSTED(Status.SERVICE_UNAVAILABLE, "too many uploads are under way");

    @SuppressWarnings("ImmutableEnumChecker") // a status never changes
    private final Status status;

    private final String reason;

    UploadResult(Status status, String reason) {
        this.status = status;
        this.reason = reason;
    }

    /// Whether all has gone well.
    boolean isStored() {
        return this == CREATED || this == REPLACED;
    }

    void answer(Response response) {
        response.status(status);
        if (this == EXHAUSTED) response.header("Retry-After", "1");
        if (isStored()) response.send();
        else response.send(status + ": " + reason + "\n");
    }

    /// What a failure of the file system is to the sender; null if nothing it could act on. The JDK
    /// passes most errors on only as the system's text.
    static @Nullable UploadResult of(IOException failure) {
        if (failure instanceof AccessDeniedException) return DENIED;
        String reason =
                failure instanceof FileSystemException system
                        ? String.valueOf(system.getReason())
                        : String.valueOf(failure.getMessage());
        return switch (reason) {
            case "No space left on device", "Disk quota exceeded", "File too large" -> FULL;
            case "Read-only file system", "Operation not permitted" -> DENIED;
            case "Too many open files", "Too many open files in system" -> EXHAUSTED;
            case "Is a directory" -> NOT_A_FILE;
            case "File name too long" -> NOT_A_NAME;
            default -> null;
        };
    }
}
