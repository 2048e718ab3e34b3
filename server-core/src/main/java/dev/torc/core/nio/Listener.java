package dev.torc.core.nio;

import dev.torc.core.StartException;
import dev.torc.core.spi.ListenFailure;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;

/// Opens a listening channel.
final class Listener {
    private Listener() {}

    /// Binds and listens.
    ///
    /// A port `shared` by the server's shards (`SO_REUSEPORT`) is nevertheless taken by the `first`
    /// of them exclusively: it binds without the option and sets it afterwards. Otherwise a second
    /// server of the same user would silently get a part of the connections.
    ///
    /// @throws StartException when that fails
    static ServerSocketChannel open(
            InetSocketAddress address, int backlog, boolean shared, boolean first) {
        ProtocolFamily family =
                address.getAddress() instanceof Inet6Address
                        ? StandardProtocolFamily.INET6
                        : StandardProtocolFamily.INET;
        ServerSocketChannel channel = null;
        try {
            channel = ServerSocketChannel.open(family);
            channel.configureBlocking(false);
            if (shared && !first) channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            channel.bind(address, backlog);
            if (shared && first) channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            return channel;
        } catch (IOException | UnsupportedOperationException failure) {
            close(channel);
            throw refusal(address, failure);
        }
    }

    private static void close(@org.jspecify.annotations.Nullable ServerSocketChannel channel) {
        if (channel == null) return;
        try {
            channel.close();
        } catch (IOException alreadyFailed) {
            assert !channel.isOpen();
        }
    }

    /// The JDK passes the kernel's errno on as text only.
    private static StartException refusal(InetSocketAddress address, Exception failure) {
        String text = String.valueOf(failure.getMessage());
        if (text.contains("already in use")) return ListenFailure.IN_USE.at(address, failure);
        if (text.contains("ermission denied") || text.contains("not permitted")) {
            return ListenFailure.NOT_PERMITTED.at(address, failure);
        }
        if (text.contains("assign requested address")) {
            return ListenFailure.NO_SUCH_ADDRESS.at(address, failure);
        }
        if (text.contains("oo many open files")) {
            return ListenFailure.TOO_MANY_FILES.at(address, failure);
        }
        return ListenFailure.at(address, text, failure);
    }
}
