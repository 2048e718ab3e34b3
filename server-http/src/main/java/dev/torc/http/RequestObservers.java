package dev.torc.http;

import java.util.stream.Stream;

/// Several observers of a shard's requests, as one.
final class RequestObservers implements RequestObserver {
    private final RequestObserver[] all;

    RequestObservers(Stream<RequestObserver> observers) {
        all = observers.toArray(RequestObserver[]::new);
    }

    @Override
    public void onBegin() {
        for (RequestObserver observer : all) observer.onBegin();
    }

    @Override
    public void onEnd(EndedRequest request) {
        for (RequestObserver observer : all) observer.onEnd(request);
    }
}
