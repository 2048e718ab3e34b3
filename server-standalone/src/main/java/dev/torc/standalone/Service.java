package dev.torc.standalone;

import dev.torc.core.StopReport;
import dev.torc.http.Health;
import dev.torc.http.HttpServer;
import dev.torc.http.ShutdownConfig;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.List;

/// A server with what belongs to it, and the order in which all of it ends.
///
/// @param admin where the admin listener listens; null without one
/// @param last what outlives the server, in the order of its end: the admin listener, which shows
///   to the last that nothing is ready any more, then the access log
record Service(
        HttpServer server,
        @Nullable InetSocketAddress admin,
        Health health,
        ShutdownConfig shutdown,
        List<AutoCloseable> last) {
    private static final Logger LOG = System.getLogger(Service.class.getName());

    Service {
        last = List.copyOf(last);
    }

    /// Stops the server, then the rest; returns what could not be finished.
    StopReport stop() {
        StopReport report = server.stop(health, shutdown);
        for (AutoCloseable part : last) close(part);
        return report;
    }

    static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception failure) {
            LOG.log(Level.ERROR, part + " did not end cleanly", failure);
        }
    }
}
