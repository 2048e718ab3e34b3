package dev.torc.standalone;

import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// One line for each log record on standard error, time first.
final class Logging {
    private static final String FORMAT_PROPERTY = "java.util.logging.SimpleFormatter.format";
    private static final String FORMAT = "%1$tF %1$tT.%1$tL %4$s %3$s: %5$s%6$s%n";

    private Logging() {}

    /// Before the first record is logged; a format given on the command line stays.
    static void configure() {
        if (System.getProperty(FORMAT_PROPERTY) == null) {
            System.setProperty(FORMAT_PROPERTY, FORMAT);
        }
    }

    /// Formats a line for nobody. The first one reads the time zones from a file: when that line is
    /// the one that tells of a lack of descriptors, it fails, and with it every later one.
    static void load() {
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            Formatter formatter = handler.getFormatter();
            if (formatter != null) formatter.format(new LogRecord(Level.WARNING, ""));
        }
    }
}
