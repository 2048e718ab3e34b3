package dev.torc.core.nio;

import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;
import dev.torc.core.Throttle;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.Transport;
import dev.torc.core.spi.TransportProvider;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Opens transports on the JDK's selectors, which work wherever Java does. Found by
/// `ServiceLoader`.
public final class NioTransportProvider implements TransportProvider {
    private static final Logger LOG = System.getLogger(NioTransportProvider.class.getName());
    private static final int RANK = 10;

    private final boolean portShared;
    private final Throttle acceptFailures = new Throttle();

    /// Where the port cannot be shared: each server's one acceptor, by the address it listens on.
    private final Map<InetSocketAddress, Acceptor> acceptors = new ConcurrentHashMap<>();

    public NioTransportProvider() {
        this(canSharePort());
    }

    /// Without `portShared`, one shard accepts for all of its server's.
    public NioTransportProvider(boolean portShared) {
        this.portShared = portShared;
    }

    @Override
    public String name() {
        return "nio";
    }

    @Override
    public int rank() {
        return RANK;
    }

    @Override
    public Verdict verdict() {
        String implementation = SelectorProvider.provider().getClass().getName();
        String shared =
                portShared
                        ? "listeners: one for each shard (SO_REUSEPORT)"
                        : "listeners: one, whose shard deals connections out";
        return new Verdict(
                true,
                mechanism(implementation) + " by java.nio selectors (" + implementation + ")",
                List.of(shared));
    }

    @Override
    public Transport open(Shard shard, ServerConfig config, ConnectionHandler.Factory handlers) {
        if (config.pinShards() && shard.index() == 0) {
            LOG.log(
                    Level.WARNING,
                    "pinShards has no effect on the nio transport, which makes no native calls;"
                            + " use taskset, or the uring transport");
        }
        return new NioTransport(shard, config, handlers, this);
    }

    /// Whether every shard of a server has a listener of its own.
    boolean isPortShared() {
        return portShared;
    }

    /// For the log lines of all its acceptors. Thread-safe.
    Throttle acceptFailures() {
        return acceptFailures;
    }

    void announce(InetSocketAddress address, Acceptor acceptor) {
        acceptors.put(address, acceptor);
    }

    void withdraw(Acceptor acceptor) {
        acceptors.values().remove(acceptor);
    }

    @Nullable Acceptor acceptorAt(InetSocketAddress address) {
        return acceptors.get(address);
    }

    /// `SO_REUSEPORT` spreads connections over the listeners only on Linux [3.9]; elsewhere it
    /// exists and gives them all to one.
    private static boolean canSharePort() {
        if (!System.getProperty("os.name").equals("Linux")) return false;
        try (ServerSocketChannel probe = ServerSocketChannel.open()) {
            return probe.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String mechanism(String implementation) {
        if (implementation.contains(".EPoll")) return "epoll";
        if (implementation.contains(".KQueue")) return "kqueue";
        if (implementation.contains(".WEPoll")) return "wepoll";
        return "readiness";
    }
}
