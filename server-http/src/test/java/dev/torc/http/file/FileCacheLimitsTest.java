package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class FileCacheLimitsTest {
    @Test
    void changesOneAtATime() {
        FileCacheLimits limits =
                FileCacheLimits.defaults()
                        .withStaleness(Duration.ZERO)
                        .withFilesMax(1)
                        .withAbsentMax(2)
                        .withContentBytesMax(3)
                        .withFileBytesMax(4)
                        .withOpenFilesMax(5);
        assertEquals(new FileCacheLimits(Duration.ZERO, 1, 2, 3, 4, 5), limits);
    }

    @Test
    void refusesWhatCannotBe() {
        FileCacheLimits limits = FileCacheLimits.defaults();
        assertThrows(
                IllegalArgumentException.class, () -> limits.withStaleness(Duration.ofNanos(-1)));
        assertThrows(IllegalArgumentException.class, () -> limits.withFilesMax(0));
        assertThrows(IllegalArgumentException.class, () -> limits.withFileBytesMax(2 << 20));
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> limits.withOpenFilesMax(0));
        assertTrue(String.valueOf(refused.getMessage()).contains("openFilesMax=0"));
    }
}
