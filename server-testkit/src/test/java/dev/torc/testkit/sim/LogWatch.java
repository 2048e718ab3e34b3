package dev.torc.testkit.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Collects what Torc logs as an error, instead of printing it: in a simulation nothing may go
/// wrong that the scenario does not want. What it wants says "as the test wants".
final class LogWatch extends Handler implements AutoCloseable {
    private static final Logger TORC = Logger.getLogger("dev.torc");

    private final List<LogRecord> errors = new ArrayList<>();

    LogWatch() {
        TORC.addHandler(this);
        TORC.setUseParentHandlers(false);
    }

    @Override
    public synchronized void publish(LogRecord record) {
        Throwable thrown = record.getThrown();
        boolean wanted = thrown != null && String.valueOf(thrown).contains("as the test wants");
        if (record.getLevel().equals(Level.SEVERE) && !wanted) errors.add(record);
    }

    synchronized void check(String replay) {
        if (errors.isEmpty()) return;
        LogRecord first = errors.getFirst();
        throw new AssertionError(first.getMessage() + replay, first.getThrown());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        TORC.removeHandler(this);
        TORC.setUseParentHandlers(true);
    }
}
