package dev.torc.http;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
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
        tellAll(RequestObserver::onBegin);
    }

    @Override
    public void onEnd(EndedRequest request) {
        tellAll(RequestObserver::onEnd, request);
    }

    @Override
    public void onHandOver() {
        tellAll(RequestObserver::onHandOver);
    }

    private void tellAll(Consumer<RequestObserver> news) {
        tellAll((observer, told) -> told.accept(observer), news);
    }

    /// Of what, is a parameter: a lambda that captured it would be allocated each time.
    private <T> void tellAll(BiConsumer<RequestObserver, T> news, T what) {
        Throwable first = null;
        for (RequestObserver observer : all) {
            try {
                news.accept(observer, what);
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
