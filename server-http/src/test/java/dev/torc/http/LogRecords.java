package dev.torc.http;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What a class or package logs while this is open, at any level, and none of it on the console.
public final class LogRecords extends Handler implements AutoCloseable {
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Logger logger;

    LogRecords(Class<?> source) {
        this(source.getName());
    }

    /// Of all whose names start like this.
    public LogRecords(String source) {
        logger = Logger.getLogger(source);
        logger.setLevel(Level.ALL);
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    /// What was logged at this level, oldest first.
    public List<LogRecord> at(Level level) {
        return records.stream().filter(one -> one.getLevel().equals(level)).toList();
    }

    @Override
    public void publish(LogRecord one) {
        records.add(one);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
        logger.setLevel(null);
    }
}
