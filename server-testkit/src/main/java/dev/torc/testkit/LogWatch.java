package dev.torc.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Collects what Torc logs as an error while this is open, instead of printing what it logs: for a
/// test in which nothing may go wrong that it does not want. Needs `java.util.logging`, which is
/// what `System.Logger` uses unless another backend is there. Thread-safe.
public final class LogWatch extends Handler implements AutoCloseable {
    // Held here: a logger that nobody refers to forgets its handlers.
    private static final Logger TORC = Logger.getLogger("dev.torc");

    private final Predicate<String> wanted;
    private final List<LogRecord> errors = new ArrayList<>();

    /// `wanted` says of an exception, as `toString()` has it, whether the test wants it logged.
    public LogWatch(Predicate<String> wanted) {
        this.wanted = wanted;
        TORC.addHandler(this);
        TORC.setUseParentHandlers(false);
    }

    @Override
    public synchronized void publish(LogRecord record) {
        Throwable thrown = record.getThrown();
        boolean expected = thrown != null && wanted.test(thrown.toString());
        if (record.getLevel().equals(Level.SEVERE) && !expected) errors.add(record);
    }

    /// Fails with the first error; `hint` ends the message.
    public synchronized void check(String hint) {
        if (errors.isEmpty()) return;
        LogRecord first = errors.getFirst();
        throw new AssertionError("logged: " + first.getMessage() + hint, first.getThrown());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        TORC.removeHandler(this);
        TORC.setUseParentHandlers(true);
    }
}
