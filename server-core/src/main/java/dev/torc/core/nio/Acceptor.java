package dev.torc.core.nio;

import dev.torc.core.TimerWheel;
import dev.torc.core.spi.AddressKey;
import dev.torc.core.spi.AddressLimit;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Accepts connections for one shard or, where shards cannot share a port, deals them out to all of
/// its server's shards in turn. Never accepts more than there are slots for: the others wait in the
/// listener's backlog. One more than its client may have is reset.
///
/// Owned by one [NioTransport] and confined to its thread, but for what says otherwise.
final class Acceptor {
    private static final long BACKOFF_NANOS = 20_000_000;
    private static final int ACCEPTS_PER_TURN_MAX = 64;

    private final NioTransport transport;
    private final AddressLimit addressLimit;
    private final List<NioTransport> members = new CopyOnWriteArrayList<>();
    private final TimerWheel.Timer backoff =
            new TimerWheel.Timer() {
                @Override
                protected void onExpire(long nowNanos) {
                    arm();
                }
            };
    private @Nullable ServerSocketChannel listener;
    private @Nullable SelectionKey key;
    private int next = -1;
    private long pauses;
    private long refused;

    /// Written by the owner; a member that frees a slot looks at it afterwards.
    private volatile boolean full;

    Acceptor(NioTransport transport) {
        this.transport = transport;
        addressLimit = transport.shard().addressLimit();
        members.add(transport);
    }

    /// Listens; returns the address with the real port.
    InetSocketAddress listen(
            Selector selector, InetSocketAddress address, boolean shared, boolean first)
            throws IOException {
        int backlog = transport.shard().limits().acceptBacklog();
        ServerSocketChannel opened = Listener.open(address, backlog, shared, first);
        listener = opened;
        key = opened.register(selector, SelectionKey.OP_ACCEPT, this);
        return (InetSocketAddress) opened.getLocalAddress();
    }

    /// Deals connections out to `member` too. On the member's thread.
    void join(NioTransport member) {
        members.add(member);
    }

    /// Connections may be waiting.
    void ready() {
        ServerSocketChannel open = listener;
        if (open == null) return;
        for (int i = 0; i < ACCEPTS_PER_TURN_MAX; i++) {
            if (!isSlotFree()) {
                pause();
                return;
            }
            try {
                SocketChannel channel = open.accept();
                if (channel == null) return;
                admit(channel);
            } catch (IOException failure) {
                backOff(failure);
                return;
            }
        }
    }

    /// A slot of `member` has become free. On the member's thread.
    void released(NioTransport member) {
        if (!full) return;
        if (member == transport) {
            resume();
        } else {
            transport.shard().execute(this::resume);
        }
    }

    void stop() throws IOException {
        transport.shard().timers().cancel(backoff);
        ServerSocketChannel open = listener;
        listener = null;
        if (open != null) open.close();
    }

    long pauseCount() {
        return pauses;
    }

    long refusedCount() {
        return refused;
    }

    /// Whether there is a member with a free slot. Only this thread claims, so that it remains so
    /// unless that member stops.
    private boolean isSlotFree() {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).slots().isFree()) return true;
        }
        return false;
    }

    private void admit(SocketChannel channel) throws IOException {
        if (!addressLimit.isOn()) {
            deal(channel, AddressKey.NONE);
            return;
        }
        InetSocketAddress remote = (InetSocketAddress) channel.getRemoteAddress();
        long client = AddressKey.of(remote.getAddress());
        if (addressLimit.claim(client)) {
            deal(channel, client);
        } else {
            refused++;
            refuse(channel);
        }
    }

    /// By a reset, which leaves nothing of the connection in the kernel, where a FIN would leave it
    /// to wait for the peer's.
    private void refuse(SocketChannel channel) {
        try (channel) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException failure) { // on macOS: the peer has reset it already
            transport.log("refused a connection in vain: " + failure.getMessage());
        }
    }

    /// To the next member in turn that has a slot free.
    private void deal(SocketChannel channel, long client) {
        int count = members.size();
        for (int i = 0; i < count; i++) {
            next = (next + 1) % count;
            NioTransport member = members.get(next);
            if (member.slots().claim()) {
                member.deal(channel, client);
                return;
            }
        }
        transport.close(channel); // the server is stopping
        addressLimit.release(client);
    }

    private void pause() {
        pauses++;
        interest(0);
        full = true;
        // One may have been freed before its shard could see that somebody waits for it.
        if (isSlotFree()) resume();
    }

    private void resume() {
        if (!full) return;
        full = false;
        arm();
    }

    private void arm() {
        if (!full && !backoff.scheduled()) interest(SelectionKey.OP_ACCEPT);
    }

    /// The process or the machine has no descriptor left, most likely. Without the pause the
    /// selector would report the same connection again and again.
    private void backOff(IOException failure) {
        pauses++;
        interest(0);
        transport.shard().timers().schedule(backoff, transport.shard().nowNanos() + BACKOFF_NANOS);
        // Last: a log that has not been used before fails without descriptors, too.
        transport.logAcceptFailure(failure);
    }

    private void interest(int operations) {
        if (listener != null && key != null) key.interestOps(operations);
    }
}
