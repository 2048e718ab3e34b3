package dev.torc.http.h1;

import dev.torc.http.EndedRequest;
import dev.torc.http.Method;
import dev.torc.http.RequestObserver;
import dev.torc.http.Status;
import dev.torc.http.message.Refusal;
import dev.torc.http.message.RequestHead;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/// What the shard's observer is told of one exchange; does nothing where there is none. On the
/// shard's thread; allocates nothing.
final class Observation implements EndedRequest {
    private static final long UNKNOWN = -1;

    private final Http1Connections shared;
    private final Http1Exchange exchange;
    private final @Nullable RequestObserver observer;
    private @Nullable Output output;
    private @Nullable Status status;
    private Outcome outcome = Outcome.CUT;
    private boolean begun;
    private boolean over;
    private boolean headIsThere;
    private long beganNanos;
    private long bytesBefore;
    private long bodyBytes;
    private long nanos;

    Observation(Http1Connections shared, Http1Exchange exchange) {
        this.shared = shared;
        this.exchange = exchange;
        observer = shared.observer();
    }

    void reset() {
        output = null;
        status = null;
        begun = false;
        over = false;
        headIsThere = false;
    }

    /// The head is complete.
    void begin() {
        if (observer == null) return;
        begun = true;
        headIsThere = true;
        beganNanos = shared.shard().nowNanos();
        try {
            observer.onBegin();
        } catch (Throwable failure) {
            shared.logFailure("an observer of requests failed", failure);
        }
    }

    /// The head is there as far as its request line, or not even that.
    void headRefused() {
        headIsThere = exchange.requestHead().isRequestLineParsed();
    }

    /// The memory of the head is about to be used for something else.
    void keepHead() {
        if (begun && !over) headIsThere = exchange.keepHead();
    }

    /// The exchange may last as long as its connection, of which nobody can ask for the client's
    /// address afterwards.
    void keepAddress() {
        if (observer != null) exchange.remoteAddress();
    }

    /// The body of an answer with this status is what `to` is given next.
    void answerBegins(Status told, Output to) {
        status = told;
        output = to;
        bytesBefore = to.bytesGiven();
    }

    void answered() {
        if (begun) end(Outcome.ANSWERED);
    }

    /// An answer that had begun is not taken back: its rest is cut.
    void refused(Refusal refusal) {
        Status refused = Status.of(refusal.status());
        if (status == null) status = refused;
        end(refused.equals(status) ? Outcome.REFUSED : Outcome.CUT);
    }

    /// Whatever has become of it. A head that was not `kept` was in memory that is no longer its.
    void ended(boolean kept) {
        headIsThere = headIsThere && kept;
        if (begun) end(Outcome.CUT);
    }

    private void end(Outcome how) {
        if (observer == null || over) return;
        over = true;
        outcome = how;
        bodyBytes = output == null ? 0 : output.bytesGiven() - bytesBefore;
        nanos = begun ? UNKNOWN : 0;
        try {
            observer.onEnd(this);
        } catch (Throwable failure) {
            shared.logFailure("an observer of requests failed", failure);
        }
    }

    // ---- EndedRequest

    @Override
    public Outcome outcome() {
        return outcome;
    }

    @Override
    public boolean hasBegun() {
        return begun;
    }

    @Override
    public Method method() {
        RequestHead head = exchange.requestHead();
        return head.isRequestLineParsed() ? head.method() : Method.OTHER;
    }

    @Override
    public String routeTemplate() {
        return begun ? exchange.request().routeTemplate() : "";
    }

    @Override
    public int status() {
        return status == null ? 0 : status.code();
    }

    @Override
    public long bodyBytes() {
        return bodyBytes;
    }

    @Override
    public long beganNanos() {
        return begun ? beganNanos : 0;
    }

    @Override
    public long nanos() {
        if (nanos == UNKNOWN) nanos = Math.max(0, shared.shard().clockNanos() - beganNanos);
        return nanos;
    }

    @Override
    public @Nullable Throwable failure() {
        return begun ? exchange.response().failure() : null;
    }

    @Override
    public @Nullable InetSocketAddress remoteAddress() {
        return exchange.remoteAddress();
    }

    @Override
    public @Nullable RequestHead head() {
        return headIsThere ? exchange.requestHead() : null;
    }
}
