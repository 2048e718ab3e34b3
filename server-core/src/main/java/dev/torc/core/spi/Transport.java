package dev.torc.core.spi;

import java.net.InetSocketAddress;

/// One shard's way to the network. Created, used and closed on the shard's thread, but for
/// [#wake()].
public interface Transport extends AutoCloseable {
    /// Listens on `address` (port 0: any free one) and returns the address with the real port.
    /// `first` is true for the first shard, which must fail when the port is in use; the others
    /// share it.
    ///
    /// @throws java.io.UncheckedIOException when the address cannot be listened on
    InetSocketAddress listen(InetSocketAddress address, boolean first);

    /// One turn: hands out what has been queued to the kernel, waits for at most `waitNanos` (0:
    /// not at all, `Long.MAX_VALUE`: until something happens) and calls the handlers of all that
    /// has completed, after telling the shard that it [awoke][dev.torc.core.Shard#awoke()].
    void poll(long waitNanos);

    /// Makes a [#poll] that waits, or the next one, return. From any thread.
    void wake();

    /// The file system, for this shard.
    Filesystem files();

    /// Accepts no more connections and tells every handler that the server is stopping.
    void stop();

    /// Aborts every connection.
    void abortAll();

    /// Whether no connection is open and nothing is with the kernel on behalf of one.
    boolean isIdle();

    /// A snapshot of what it has done.
    Counters counters();

    /// Ends it. Whatever is still with the kernel is cancelled and waited for first.
    @Override
    void close();

    /// What a transport has done since its start, and what it holds.
    ///
    /// @param accepted connections accepted
    /// @param open connections that hold a slot
    /// @param slots connections it can hold
    /// @param receives times that data arrived
    /// @param sends sends given to the kernel
    /// @param waits times it entered the kernel
    /// @param buffersOut receive buffers neither with the kernel nor ready for it
    /// @param starved times a connection found no receive buffer free
    /// @param overflows times the completion queue was full
    /// @param stale completions that came for a connection already gone
    /// @param acceptPauses times accepting stopped because every slot was taken or, for 20 ms each,
    ///   because the machine had no descriptor or memory for one more connection
    /// @param refused connections reset at once, and not among those accepted, because their
    ///   client's address had as many as it may
    /// @param receivedBytes what arrived
    /// @param sentBytes what has gone to the sockets, files included
    /// @param movedBytes of these, bytes of files that went without passing through memory of the
    ///   process, by sendfile(2) or splice(2)
    /// @param ring what a ring has done; [RingCounters#NONE] where there is none
    record Counters(
            long accepted,
            int open,
            int slots,
            long receives,
            long sends,
            long waits,
            int buffersOut,
            long starved,
            long overflows,
            long stale,
            long acceptPauses,
            long refused,
            long receivedBytes,
            long sentBytes,
            long movedBytes,
            RingCounters ring) {}
}
