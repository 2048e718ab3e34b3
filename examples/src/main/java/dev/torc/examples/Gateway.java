package dev.torc.examples;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.Router;
import dev.torc.http.Status;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/// Answers with what another server says, and waits for it without a thread. That one's failures
/// become this one's statuses in one place: 504 when it is too slow, 502 when it fails otherwise.
public record Gateway(String origin) {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final HttpResponse.BodyHandler<byte[]> BODY =
            BodyHandlers.limiting(BodyHandlers.ofByteArray(), 1 << 20);

    static HttpServer start(ServerConfig config, String origin) {
        Router router =
                new Router()
                        .onException(IOException.class, Gateway::fail)
                        .get("/{path...}", new Gateway(origin)::fetch);
        return HttpServer.start(config, router);
    }

    private void fetch(Request request, Response response) {
        String query = request.rawQuery();
        URI target = URI.create(origin + request.rawPath() + (query == null ? "" : "?" + query));
        HttpRequest wanted = HttpRequest.newBuilder(target).timeout(PATIENCE).build();
        Later.answer(response, CLIENT.sendAsync(wanted, BODY), reply -> answer(reply, response));
    }

    private static void answer(HttpResponse<byte[]> reply, Response response) {
        String type = reply.headers().firstValue("Content-Type").orElse("text/plain");
        response.header("Content-Type", type).status(reply.statusCode()).send(reply.body());
    }

    private static void fail(IOException failure, Request request, Response response) {
        boolean late = failure instanceof HttpTimeoutException;
        response.status(late ? Status.GATEWAY_TIMEOUT : Status.BAD_GATEWAY).send();
    }

    public static void main(String[] arguments) throws InterruptedException {
        Usage.require(arguments, "Gateway", "ORIGIN");
        HttpServer server = start(ServerConfig.defaults(), arguments[0]);
        System.out.println("http://127.0.0.1:" + server.port() + "/");
        server.await();
    }
}
