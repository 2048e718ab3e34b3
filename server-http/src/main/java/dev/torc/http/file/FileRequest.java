package dev.torc.http.file;

import dev.torc.http.Request;
import dev.torc.http.Response;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/// A request for a file, as long as it is not answered. One that never had to wait is used again.
/// On the shard's thread, or that of its listing.
final class FileRequest {
    /// How often one may wait for the file system: for the file, its indexes and its fallbacks.
    private static final int WAITS_MAX = 32;

    private @Nullable Request request;
    private @Nullable Response response;
    private @Nullable CountDownLatch answered;
    private long sinceNanos;
    private int waits;
    private boolean asItIs;

    FileRequest() {}

    /// @param answered where a handler that blocks waits for the answer
    void begin(
            Request request,
            Response response,
            long sinceNanos,
            @Nullable CountDownLatch answered) {
        this.request = request;
        this.response = response;
        this.sinceNanos = sinceNanos;
        this.answered = answered;
        asItIs = false;
    }

    Request request() {
        return Objects.requireNonNull(request);
    }

    Response response() {
        return Objects.requireNonNull(response);
    }

    /// When it came: what has been found out since is good enough for it.
    long sinceNanos() {
        return sinceNanos;
    }

    /// Whether it may wait once more. It keeps its request.
    boolean waits() {
        if (waits == 0) request().retain();
        return ++waits <= WAITS_MAX;
    }

    /// The file is not to be compressed for it: that has been tried.
    void asItIs() {
        asItIs = true;
    }

    boolean isAsItIs() {
        return asItIs;
    }

    /// Whether it has been answered at once, so that nobody else knows it.
    boolean isOver() {
        return waits == 0 && response().isCommitted();
    }

    /// Tells who blocks, if it has been answered.
    void tell() {
        if (answered != null && response().isCommitted()) answered.countDown();
    }
}
