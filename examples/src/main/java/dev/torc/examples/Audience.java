package dev.torc.examples;

import dev.torc.http.Response;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// All who listen to [Events], of all shards.
final class Audience {
    private static final int BEAT_SECONDS = 10;

    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();

    Audience() {
        beat();
    }

    int size() {
        return listeners.size();
    }

    /// Streams events by `response` from now on, until its client goes.
    void add(Response response) {
        Listener listener = new Listener(response, listeners::remove);
        listeners.add(listener);
        response.stream(listener);
    }

    void tell(String event) {
        byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
        for (Listener one : listeners) one.tell(bytes);
    }

    /// A comment now and then: only sending tells that nobody is there any more.
    private void beat() {
        tell(":\n\n");
        CompletableFuture.delayedExecutor(BEAT_SECONDS, TimeUnit.SECONDS).execute(this::beat);
    }
}
