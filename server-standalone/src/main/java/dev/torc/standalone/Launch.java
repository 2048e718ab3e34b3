package dev.torc.standalone;

import dev.torc.core.ServerConfig;
import dev.torc.core.StartException;
import dev.torc.http.Handlers;
import dev.torc.http.Health;
import dev.torc.http.HttpLimits;
import dev.torc.http.HttpServer;
import dev.torc.http.RequestObserver;
import dev.torc.http.Router;
import dev.torc.http.log.AccessLog;
import dev.torc.http.log.AccessLogConfig;
import dev.torc.http.metrics.RequestMetrics;
import dev.torc.standalone.config.AccessLogSettings;
import dev.torc.standalone.config.AdminSettings;
import dev.torc.standalone.config.HttpSettings;
import dev.torc.standalone.config.ServerSettings;
import dev.torc.standalone.config.Settings;
import dev.torc.standalone.config.ShutdownSettings;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Starts a server with what its settings ask for around it: the access log, metrics, the admin
/// listener. What has been started is stopped again when the rest cannot.
final class Launch {
    private final Settings settings;
    private final List<RequestObserver.PerShard> observers = new ArrayList<>();
    private final List<AutoCloseable> started = new ArrayList<>();
    private final Health health = new Health();

    Launch(Settings settings) {
        this.settings = settings;
    }

    /// Logs requests as the settings say or, where they name no file, as `otherwise`, which may be
    /// null.
    ///
    /// @throws StartException when the file cannot be written, or a setting would do nothing
    Launch log(@Nullable AccessLogConfig otherwise) {
        AccessLogConfig config = AccessLogSettings.config(settings, otherwise);
        if (config == null) return this;
        try {
            AccessLog log = AccessLog.open(config);
            observers.add(log);
            started.add(log);
            return this;
        } catch (IOException refused) {
            throw new StartException(
                    "the access log " + config.file() + " cannot be written: " + refused, refused);
        }
    }

    /// Starts it all, and returns what runs.
    ///
    /// @throws StartException when something cannot be started
    Service start(Router router) {
        try {
            return startAll(router);
        } catch (RuntimeException | Error refused) {
            for (AutoCloseable part : started.reversed()) Service.close(part);
            throw refused;
        }
    }

    private Service startAll(Router router) {
        ServerConfig config = ServerSettings.config(settings);
        HttpLimits limits = HttpSettings.limits(settings);
        AdminConfig adminConfig = AdminConfig.of(settings);
        MetricsPage page = adminConfig == null ? null : metrics();
        HttpServer server = start(config, limits, router);
        started.add(server);
        AdminServer admin = null;
        if (adminConfig != null && page != null) {
            page.add(server);
            admin = admin(adminConfig, config.transport(), page);
        }
        List<AutoCloseable> last = new ArrayList<>(started.reversed());
        last.remove(server);
        return new Service(
                server,
                admin == null ? null : admin.address(),
                health,
                ShutdownSettings.config(settings),
                last);
    }

    private HttpServer start(ServerConfig config, HttpLimits limits, Router router) {
        if (observers.isEmpty()) return HttpServer.start(config, limits, router);
        return HttpServer.start(config, limits, RequestObserver.PerShard.all(observers), router);
    }

    private MetricsPage metrics() {
        RequestMetrics requests = new RequestMetrics();
        MetricsPage page = new MetricsPage(requests, AdminSettings.names(settings));
        for (AutoCloseable part : started) {
            if (part instanceof AccessLog log) page.add(log);
        }
        observers.add(requests);
        started.add(page);
        return page;
    }

    private AdminServer admin(AdminConfig config, String transport, MetricsPage page) {
        Router routes = AdminServer.routes(health).get("/metrics", Handlers.blocking(page));
        AdminServer admin = AdminServer.start(config, transport, routes);
        started.add(admin);
        return admin;
    }
}
