package dev.torc.examples;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.Router;
import dev.torc.http.Status;
import dev.torc.http.StatusException;

import java.util.concurrent.atomic.AtomicReference;

/// A note that knows its version: who has it already is told so (`If-None-Match`, 304), and who
/// would overwrite what he has not seen is refused (`If-Match`, 412). RFC 9110 13.
public final class Versions {
    private final AtomicReference<Note> note = new AtomicReference<>(new Note(1, "an idea"));

    private Versions() {}

    static HttpServer start(ServerConfig config) {
        Versions versions = new Versions();
        Router router = new Router().get("/note", versions::read).put("/note", versions::write);
        return HttpServer.start(config, router);
    }

    private void read(Request request, Response response) {
        Note now = note.get();
        response.header("ETag", now.tag()).header("Cache-Control", "no-cache");
        if (now.isKnownBy(request.header("If-None-Match"))) {
            response.status(Status.NOT_MODIFIED).send();
        } else {
            response.send(now.text());
        }
    }

    private void write(Request request, Response response) {
        Note old = note.get();
        String seen = request.header("If-Match");
        if (seen == null) throw new StatusException(Status.PRECONDITION_REQUIRED, "add If-Match");
        Note next = old.next(request.bodyText());
        if (!old.isNamedBy(seen) || !note.compareAndSet(old, next)) {
            throw new StatusException(Status.PRECONDITION_FAILED, "somebody else was first");
        }
        response.header("ETag", next.tag()).status(Status.NO_CONTENT).send();
    }

    public static void main(String[] arguments) throws InterruptedException {
        HttpServer server = start(ServerConfig.defaults());
        System.out.println("curl -i http://127.0.0.1:" + server.port() + "/note");
        server.await();
    }
}
