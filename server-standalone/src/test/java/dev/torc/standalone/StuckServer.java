package dev.torc.standalone;

import dev.torc.core.ServerConfig;
import dev.torc.http.Health;
import dev.torc.http.HttpServer;
import dev.torc.http.Router;
import dev.torc.http.ShutdownConfig;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// A process in the foreground, one of whose two shards a handler can hold for ever, and which has
/// no patience when it stops.
final class StuckServer {
    static final String STUCK = "a shard is stuck";

    private StuckServer() {}

    private static void stick() throws InterruptedException {
        System.out.println(STUCK);
        System.out.flush();
        new CountDownLatch(1).await();
    }

    public static void main(String[] arguments) throws InterruptedException {
        Router router = new Router().get("/stuck", (_, _) -> stick());
        ServerConfig config = ServerConfig.defaults().withPort(0).withShards(2);
        HttpServer server = HttpServer.start(config, router);
        ShutdownConfig hasty = ShutdownConfig.defaults().withDeadline(Duration.ZERO);
        Service service = new Service(server, null, new Health(), hasty, List.of());
        System.exit(Foreground.run(service, new Banner(service, "none")));
    }
}
