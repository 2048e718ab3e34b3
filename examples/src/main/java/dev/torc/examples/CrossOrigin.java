package dev.torc.examples;

import dev.torc.core.ServerConfig;
import dev.torc.http.Filter;
import dev.torc.http.Handler;
import dev.torc.http.HttpServer;
import dev.torc.http.Method;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.Router;
import dev.torc.http.Status;

import java.util.Set;

/// CORS as a router's filter: pages of the origins named may use the API. It also sees OPTIONS, by
/// which browsers ask first, and what ends with 404; its fields stay on answers to failures.
public final class CrossOrigin implements Filter {
    private final Set<String> origins;

    private CrossOrigin(Set<String> origins) {
        this.origins = Set.copyOf(origins);
    }

    static HttpServer start(ServerConfig config, String... origins) {
        Router router =
                new Router()
                        .filter(new CrossOrigin(Set.of(origins)))
                        .get("/time", (_, response) -> response.send("now\n"))
                        .put("/time", (_, response) -> response.send("set\n"));
        return HttpServer.start(config, router);
    }

    @Override
    public void handle(Request request, Response response, Handler next) throws Exception {
        response.header("Vary", "Origin");
        String origin = request.header("Origin");
        if (origin == null || !origins.contains(origin)) {
            next.handle(request, response);
            return;
        }
        response.header("Access-Control-Allow-Origin", origin);
        String method = request.header("Access-Control-Request-Method");
        if (request.method() == Method.OPTIONS && method != null) {
            response.header("Access-Control-Allow-Methods", "GET, PUT")
                    .header("Access-Control-Allow-Headers", "Content-Type, Authorization")
                    .header("Access-Control-Max-Age", "600")
                    .status(Status.NO_CONTENT)
                    .send();
        } else {
            next.handle(request, response);
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        HttpServer server = start(ServerConfig.defaults(), "http://127.0.0.1:3000");
        System.out.println("http://127.0.0.1:" + server.port() + "/time");
        server.await();
    }
}
