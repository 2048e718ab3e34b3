package dev.torc.standalone;

import dev.torc.core.Limits;
import dev.torc.core.ServerConfig;
import dev.torc.core.StartException;
import dev.torc.http.Health;
import dev.torc.http.HttpLimits;
import dev.torc.http.HttpServer;
import dev.torc.http.HttpTimeouts;
import dev.torc.http.Router;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;

/// A second server in the process, for probes and scrapers: one shard with small limits and
/// connections of its own, so that whoever scans it, or fills it, takes nothing from the first one
/// but a share of the CPU. Thread-safe.
///
/// ```
/// Router routes = AdminServer.routes(health).get("/metrics", scrape);
/// AdminServer.start(AdminConfig.onPort(9090), "auto", routes);
/// ```
final class AdminServer implements AutoCloseable {
    private static final Logger LOG = System.getLogger(AdminServer.class.getName());
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(1);

    /// Slow connections are closed soon, so that all slots taken is a matter of seconds.
    private static final HttpLimits HTTP_LIMITS =
            HttpLimits.defaults()
                    .withRequestLineBytesMax(2048)
                    .withHeadBytesMax(8192)
                    .withHeaderCountMax(64)
                    .withBodyBytesMax(0)
                    .withStreamedBodyBytesMax(0)
                    .withPipelinedBytesMax(8192)
                    .withRequestsPerConnectionMax(1000)
                    .withTimeouts(
                            HttpTimeouts.defaults()
                                    .withIdle(Duration.ofSeconds(3))
                                    .withHead(Duration.ofSeconds(1))
                                    .withBody(Duration.ofSeconds(1))
                                    .withAnswer(Duration.ofSeconds(5))
                                    .withWrite(Duration.ofSeconds(5)));

    /// A client that keeps asking keeps its connections, so no address gets all of them. Scrapers
    /// and probes have a few, also when they are behind one address.
    private static final Limits LIMITS =
            Limits.defaults()
                    .withConnectionsMax(128)
                    .withConnectionsPerAddressMax(32)
                    .withAcceptBacklog(128)
                    .withReceiveBuffers(128, 2048)
                    .withBulkBuffers(1, 4096)
                    .withPoolBytesMax(32 << 20);

    private final HttpServer server;

    private AdminServer(HttpServer server) {
        this.server = server;
    }

    /// `GET /health/live` and `GET /health/ready`, to which others may be added.
    static Router routes(Health health) {
        return health.addTo(new Router());
    }

    /// What it runs on, which is as little as it can be.
    ///
    /// @param transport as of [ServerConfig#transport()]
    /// @throws StartException when there is no such host
    static ServerConfig config(AdminConfig config, String transport) {
        return ServerConfig.defaults()
                .withAddress(config.address())
                .withShards(1)
                .withTransport(transport)
                .withLimits(LIMITS);
    }

    /// Starts it; returns when it listens.
    ///
    /// @param transport as of [ServerConfig#transport()]
    /// @throws StartException when it cannot, with the cause and the remedy
    static AdminServer start(AdminConfig config, String transport, Router routes) {
        ServerConfig server = config(config, transport);
        try {
            AdminServer started = new AdminServer(HttpServer.start(server, HTTP_LIMITS, routes));
            if (config.isExposed()) {
                LOG.log(
                        Level.WARNING,
                        "whoever reaches port "
                                + started.address().getPort()
                                + " from elsewhere sees health and metrics: see --admin-host");
            }
            return started;
        } catch (StartException refused) {
            throw new StartException("the admin listener: " + refused.getMessage(), refused);
        }
    }

    /// The address that it listens on, with the real port.
    InetSocketAddress address() {
        return server.address();
    }

    /// Cuts what has not finished within a second.
    @Override
    public void close() {
        server.stop(STOP_DEADLINE);
    }

    @Override
    public String toString() {
        return "the admin listener";
    }
}
