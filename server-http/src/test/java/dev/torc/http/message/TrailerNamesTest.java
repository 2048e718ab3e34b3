package dev.torc.http.message;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrailerNamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length", "transfer-encoding", "HOST", "Authorization", "Set-Cookie",
                "If-Match", "if-anything", "Content-Type", "Connection", "X-Forwarded-For"
            })
    void forbidsWhatComesTooLate(String name) {
        assertTrue(TrailerNames.isForbidden(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Digest", "Server-Timing", "ETag", "X-If-Match", "If", "Hosts", ""})
    void allowsTheRest(String name) {
        assertFalse(TrailerNames.isForbidden(name));
    }
}
