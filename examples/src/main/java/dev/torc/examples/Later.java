package dev.torc.examples;

import dev.torc.http.Response;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/// Answers by what is there only later. A failure, also of `answer` itself, fails the response: a
/// stage would keep it, and the client would wait.
final class Later {
    private Later() {}

    static <T> void answer(Response response, CompletionStage<T> later, Consumer<T> answer) {
        var _ =
                later.thenAccept(answer)
                        .whenComplete(
                                (_, failure) -> {
                                    if (failure != null) response.fail(failure);
                                });
    }
}
