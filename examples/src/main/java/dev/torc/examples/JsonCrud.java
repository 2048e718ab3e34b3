package dev.torc.examples;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.Router;
import dev.torc.http.Status;
import dev.torc.http.json.Json;

import java.util.NoSuchElementException;

/// Tasks as a JSON resource: typed path parameters, a value in and out, and one place that says
/// what a failure is answered with. `/tasks/x` and `/tasks/007` are 404 before any handler.
public final class JsonCrud {
    private final Tasks tasks = new Tasks();

    private JsonCrud() {}

    static HttpServer start(ServerConfig config) {
        JsonCrud crud = new JsonCrud();
        Router router =
                new Router()
                        .json(new Json())
                        .onException(NoSuchElementException.class, Problem.as(Status.NOT_FOUND))
                        .onException(IllegalStateException.class, Problem.as(Status.CONFLICT))
                        .get("/tasks", (_, response) -> response.json(crud.tasks.all()))
                        .post("/tasks", crud::add)
                        .get("/tasks/{id:int}", crud::show)
                        .put("/tasks/{id:int}", crud::replace)
                        .delete("/tasks/{id:int}", crud::remove);
        return HttpServer.start(config, router);
    }

    private void show(Request request, Response response) {
        response.json(tasks.find(request.pathInt("id")));
    }

    private void replace(Request request, Response response) {
        response.json(tasks.replace(request.pathInt("id"), request.json(Task.class)));
    }

    private void add(Request request, Response response) {
        int id = tasks.add(request.json(Task.class));
        response.status(Status.CREATED).header("Location", "/tasks/" + id).send();
    }

    private void remove(Request request, Response response) {
        tasks.remove(request.pathInt("id"));
        response.status(Status.NO_CONTENT).send();
    }

    public static void main(String[] arguments) throws InterruptedException {
        HttpServer server = start(ServerConfig.defaults());
        System.out.println("http://127.0.0.1:" + server.port() + "/tasks");
        server.await();
    }
}
