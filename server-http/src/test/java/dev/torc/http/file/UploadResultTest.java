package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/// The words are those of strerror(3), which is all that the JDK tells.
class UploadResultTest {
    @ParameterizedTest
    @CsvSource({
        "No space left on device, FULL",
        "Disk quota exceeded, FULL",
        "File too large, FULL",
        "Read-only file system, DENIED",
        "Operation not permitted, DENIED",
        "Too many open files, EXHAUSTED",
        "Too many open files in system, EXHAUSTED",
        "Is a directory, NOT_A_FILE",
        "File name too long, NOT_A_NAME"
    })
    void tellsTheSenderWhatItCanActOn(String reason, UploadResult result) {
        assertEquals(result, UploadResult.of(new FileSystemException("file", null, reason)));
        assertEquals(result, UploadResult.of(new IOException(reason)));
    }

    @Test
    void leavesTheRestToTheLog() {
        assertEquals(UploadResult.DENIED, UploadResult.of(new AccessDeniedException("file")));
        assertNull(UploadResult.of(new IOException("Input/output error")));
        assertNull(UploadResult.of(new EOFException()));
    }
}
