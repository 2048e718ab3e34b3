package dev.torc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

class LogWatchTest {
    private static final Logger LOG = System.getLogger("dev.torc.testkit.LogWatchTest");

    @Test
    void failsForAnErrorThatIsNotWanted() {
        RuntimeException cause = new RuntimeException("a surprise");
        try (LogWatch log = new LogWatch(text -> text.contains("wanted"))) {
            LOG.log(Level.ERROR, "something failed", new RuntimeException("as wanted"));
            LOG.log(Level.WARNING, "nothing failed");
            log.check("");
            LOG.log(Level.ERROR, "something failed", cause);
            AssertionError failure = assertThrows(AssertionError.class, () -> log.check(" [hint]"));
            assertEquals("logged: something failed [hint]", failure.getMessage());
            assertSame(cause, failure.getCause());
        }
    }

    @Test
    void failsForAnErrorWithoutAnException() {
        try (LogWatch log = new LogWatch(_ -> true)) {
            LOG.log(Level.ERROR, "something failed");
            assertThrows(AssertionError.class, () -> log.check(""));
        }
    }
}
