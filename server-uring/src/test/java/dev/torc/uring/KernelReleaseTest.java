package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelReleaseTest {
    @ParameterizedTest
    @CsvSource({
        "5.15.0-91-generic, 5.15, true",
        "6.1.0-28-amd64,    6.1,  true",
        "6.7.12,            6.7,  true",
        "6.8.0-31-generic,  6.8,  false",
        "6.18.44-fc-v669,   6.18, false",
        "6.10,              6.10, false",
        "10.0.1,            10.0, false",
        "6.8rc1,            0.0,  true",
        "Darwin,            0.0,  true"
    })
    void isReadFromARelease(String release, String version, boolean older) {
        KernelRelease parsed = KernelRelease.parse(release);
        assertEquals(version, parsed.toString());
        assertEquals(older, parsed.isOlderThan(KernelRelease.NEEDED));
    }
}
