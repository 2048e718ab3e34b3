package dev.torc.standalone;

import dev.torc.core.ServerConfig;
import dev.torc.http.Health;
import dev.torc.http.HttpServer;
import dev.torc.http.Router;
import dev.torc.http.ShutdownConfig;

import java.time.Duration;
import java.util.List;

/// A process in the foreground with a request that is never answered and an hour's patience when it
/// stops: only a second signal ends it before that.
final class HoldingServer {
    private HoldingServer() {}

    public static void main(String[] arguments) throws InterruptedException {
        Router router =
                new Router()
                        .get("/held", (_, _) -> {})
                        .get("/plaintext", (_, response) -> response.send("Hello"));
        ServerConfig config = ServerConfig.defaults().withPort(0).withShards(1);
        HttpServer server = HttpServer.start(config, router);
        ShutdownConfig patient = ShutdownConfig.defaults().withDeadline(Duration.ofHours(1));
        Service service = new Service(server, null, new Health(), patient, List.of());
        System.exit(Foreground.run(service, new Banner(service, "none")));
    }
}
