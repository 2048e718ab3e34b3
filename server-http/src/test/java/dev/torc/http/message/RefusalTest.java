package dev.torc.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class RefusalTest {
    @Test
    void travelsAsANegativeCode() {
        for (Refusal refusal : Refusal.values()) {
            assertTrue(refusal.code() <= -2, refusal.name());
            assertEquals(refusal, Refusal.of(refusal.code()));
        }
    }

    @Test
    void hasAnErrorStatusAndAReason() {
        for (Refusal refusal : Refusal.values()) {
            assertTrue(refusal.status() >= 400 && refusal.status() < 600, refusal.name());
            assertTrue(refusal.reason().matches("[ -~]+"), refusal.name());
        }
    }

    @Test
    void eachIsInTheDocumentation() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "http.md"));
        for (Refusal refusal : Refusal.values()) {
            String row = "\n| " + refusal.status() + " | " + refusal.reason() + " |\n";
            assertTrue(page.contains(row), row);
        }
    }
}
