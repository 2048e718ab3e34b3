package dev.torc.http;

import dev.torc.core.Shard;

import java.util.List;

/// Told of the requests of one shard: for metrics and logs.
///
/// Called on the shard's thread, between the answers: what it does delays every connection of the
/// shard. What it throws is logged, and harms nobody.
public interface RequestObserver {
    /// A request's head is there, and its handler about to be asked.
    default void onBegin() {}

    /// A request is over, or something that was no request has been refused. One that
    /// [began][#onBegin()] ends once, a refusal may come without a beginning.
    ///
    /// @param request borrowed for this call
    void onEnd(EndedRequest request);

    /// The answers to requests that have ended since the last such call go to their connection now:
    /// those to all that were received together, such as pipelined ones. Some may be on their way
    /// already, and there may be none.
    default void onHandOver() {}

    /// Makes the observer of each shard, on the shard's thread, before its first connection.
    @FunctionalInterface
    interface PerShard {
        RequestObserver start(Shard shard);

        /// Tells all of them, in this order.
        static PerShard all(List<? extends PerShard> observers) {
            if (observers.size() == 1) return observers.getFirst();
            return shard -> new RequestObservers(observers.stream().map(o -> o.start(shard)));
        }
    }
}
