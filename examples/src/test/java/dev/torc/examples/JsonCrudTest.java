package dev.torc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.testkit.Reply;
import dev.torc.testkit.Served;
import dev.torc.testkit.TestClient;
import dev.torc.testkit.TorcTest;

import org.junit.jupiter.api.Test;

import java.io.IOException;

@TorcTest(restart = true)
class JsonCrudTest {
    @Served
    static HttpServer serve(ServerConfig config) {
        return JsonCrud.start(config);
    }

    private static Reply send(TestClient client, String method, String target, String body)
            throws IOException {
        String fields = "Host: a\r\nContent-Type: application/json\r\n";
        String length = "Content-Length: " + body.length() + "\r\n\r\n";
        return client.send(method + " " + target + " HTTP/1.1\r\n" + fields + length + body)
                .reply();
    }

    @Test
    void createsShowsReplacesAndRemoves(TestClient client) throws IOException {
        Reply created = send(client, "POST", "/tasks", "{\"title\":\"write\",\"done\":false}");
        assertEquals(201, created.status());
        String task = created.header("Location");
        assertEquals("{\"title\":\"write\",\"done\":false}", client.get(task).text());

        String done = "{\"title\":\"write\",\"done\":true}";
        assertEquals(200, send(client, "PUT", task, done).status());
        assertEquals(done, client.get(task).text());
        String id = task.substring(task.lastIndexOf('/') + 1);
        assertEquals("{\"" + id + "\":" + done + "}", client.get("/tasks").text());

        assertEquals(204, send(client, "DELETE", task, "").status());
        assertEquals(404, client.get(task).status());
    }

    @Test
    void saysWhatIsMissing(TestClient client) throws IOException {
        Reply reply = client.get("/tasks/77");
        assertEquals(404, reply.status());
        assertEquals("application/problem+json", reply.header("Content-Type"));
        assertEquals("{\"title\":\"there is no task 77\",\"status\":404}", reply.text());
    }

    @Test
    void knowsNoOtherSpellingOfANumber(TestClient client) throws IOException {
        for (String id : new String[] {"x", "007", "-0", "99999999999"}) {
            assertEquals("404 Not Found\n", client.get("/tasks/" + id).text());
        }
    }

    @Test
    void refusesWhatDoesNotFit(TestClient client) throws IOException {
        Reply reply = send(client, "POST", "/tasks", "{\"title\":\"write\",\"done\":3.5}");
        assertEquals(400, reply.status());
    }

    @Test
    void keepsAThousandAtMost(TestClient client) throws IOException {
        String task = "{\"title\":\"x\",\"done\":false}";
        int added = 0;
        String last = "";
        Reply reply = send(client, "POST", "/tasks", task);
        for (; reply.status() == 201; reply = send(client, "POST", "/tasks", task)) {
            last = reply.header("Location");
            added++;
        }
        assertEquals(1000, added);
        assertEquals(409, reply.status());
        assertEquals(204, send(client, "DELETE", last, "").status());
        assertEquals(201, send(client, "POST", "/tasks", task).status());
    }
}
