package dev.torc.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Clients that were handed to a test, to be closed after it.
final class OpenClients implements AutoCloseable {
    private final List<TestClient> clients = new ArrayList<>();

    TestClient add(TestClient client) {
        clients.add(client);
        return client;
    }

    @Override
    public void close() throws IOException {
        for (TestClient client : clients) client.close();
    }
}
