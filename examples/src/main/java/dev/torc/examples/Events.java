package dev.torc.examples;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.http.MediaType;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.Router;
import dev.torc.http.Status;

/// Server-sent events: what is posted goes to everybody who listens, on whichever shard. No thread
/// waits for anybody; who falls too far behind is cut, and who goes is forgotten.
public final class Events {
    private final Audience audience = new Audience();

    private Events() {}

    static HttpServer start(ServerConfig config) {
        Events events = new Events();
        Router router =
                new Router()
                        .get("/events", events::listen)
                        .post("/events", events::publish)
                        .get("/listeners", events::count);
        return HttpServer.start(config, router);
    }

    private void listen(Request request, Response response) {
        response.header("Cache-Control", "no-store").contentType(MediaType.TEXT_EVENT_STREAM);
        audience.add(response);
    }

    private void publish(Request request, Response response) {
        audience.tell("data: " + request.bodyText().replaceAll("\\R", "\ndata: ") + "\n\n");
        response.status(Status.NO_CONTENT).send();
    }

    private void count(Request request, Response response) {
        response.send(audience.size() + "\n");
    }

    public static void main(String[] arguments) throws InterruptedException {
        HttpServer server = start(ServerConfig.defaults());
        String events = "http://127.0.0.1:" + server.port() + "/events";
        System.out.println("curl -N " + events + "\ncurl -d hello " + events);
        server.await();
    }
}
