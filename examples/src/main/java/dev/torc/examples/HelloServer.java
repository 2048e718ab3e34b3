package dev.torc.examples;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.http.Router;

/// The smallest server: a shard for each CPU, and two routes.
public final class HelloServer {
    private HelloServer() {}

    /// Starts it as `config` says.
    static HttpServer start(ServerConfig config) {
        Router router =
                new Router()
                        .get("/", (_, response) -> response.send("Hello, World!"))
                        .get(
                                "/hello/{name}",
                                (request, response) -> {
                                    String name = request.pathParameter("name");
                                    response.send("Hello, " + name + "!");
                                });
        return HttpServer.start(config, router);
    }

    public static void main(String[] arguments) throws InterruptedException {
        HttpServer server = start(ServerConfig.defaults());
        System.out.println("http://127.0.0.1:" + server.port() + "/");
        server.await();
    }
}
