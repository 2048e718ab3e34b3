package dev.torc.http;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.stream.Stream;

/// Several observers of a shard's requests, as one: what one of them throws keeps nothing from the
/// others, and is thrown when they have been told. On the shard's thread; allocates nothing.
final class RequestObservers implements RequestObserver {
    private final RequestObserver[] all;

    RequestObservers(Stream<RequestObserver> observers) {
        all = observers.toArray(RequestObserver[]::new);
    }

    @Override
    public void onBegin() {
        Throwable first = null;
        for (RequestObserver observer : all) {
            try {
                observer.onBegin();
            } catch (Throwable failure) {
                first = first(first, failure);
            }
        }
        if (first != null) throw unchecked(first);
    }

    @Override
    public void onEnd(EndedRequest request) {
        Throwable first = null;
        for (RequestObserver observer : all) {
            try {
                observer.onEnd(request);
            } catch (Throwable failure) {
                first = first(first, failure);
            }
        }
        if (first != null) throw unchecked(first);
    }

    /// The first failure, which knows of the later ones.
    private static Throwable first(@Nullable Throwable first, Throwable failure) {
        if (first == null || first.equals(failure)) return failure;
        first.addSuppressed(failure);
        return first;
    }

    /// Languages other than Java throw what is not declared, too.
    private static RuntimeException unchecked(Throwable failure) {
        if (failure instanceof Error error) throw error;
        return failure instanceof RuntimeException plain
                ? plain
                : new UndeclaredThrowableException(failure);
    }
}
