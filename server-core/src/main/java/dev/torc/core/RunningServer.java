package dev.torc.core;

import dev.torc.core.spi.Transport;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// A server that has been started, whatever protocol it speaks: where it listens, what it holds,
/// and its end. Thread-safe.
public interface RunningServer extends AutoCloseable {
    /// The address that it listens on, with the real port.
    InetSocketAddress address();

    /// The port that it listens on.
    default int port() {
        return address().getPort();
    }

    /// The transport in use, and why it is.
    TransportChoice transport();

    /// What each shard has done so far, or had done when it ended. A shard that is held by a
    /// handler does not answer: what was not there within `patience` is left out.
    List<ShardCounters> shardCounters(Duration patience);

    /// What each shard's transport has done so far, or had done when the server stopped. Waits for
    /// all of them.
    default List<Transport.Counters> counters() {
        return shardCounters(ChronoUnit.FOREVER.getDuration()).stream()
                .map(ShardCounters::transport)
                .toList();
    }

    /// Slices that the shards' pools have lent: 0 when nothing is being sent and nothing is kept.
    default long slicesTaken() {
        return shardCounters(ChronoUnit.FOREVER.getDuration()).stream()
                .mapToLong(ShardCounters::slicesTaken)
                .sum();
    }

    /// Accepts no more connections, lets what is in flight finish, aborts what has not within
    /// `deadline`, and returns when every shard has ended. Whether all of them have.
    boolean stop(Duration deadline);

    /// Begins what [#stop(Duration)] does and returns at once; [#await()] waits for the end.
    void beginStop(Duration deadline);

    /// What stopping has cut so far; final once every shard has ended, as [#await()] and
    /// [#stop(Duration)] tell.
    StopReport stopReport();

    /// Waits until the server has stopped.
    void await() throws InterruptedException;

    /// [#await()] for at most `time`; whether it has stopped.
    boolean await(Duration time) throws InterruptedException;

    /// [#stop(Duration)] with a deadline of ten seconds.
    @Override
    void close();
}
