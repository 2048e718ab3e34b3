package dev.torc.core.spi;

import dev.torc.core.Limits;
import dev.torc.core.ServerConfig;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/// How many connections each client has on all shards of a server, and whether it may have one
/// more. Thread-safe; touched when a connection is accepted and when it has closed, and not at all
/// when there is no limit.
///
/// It holds no more entries than connections are open. Its map is the JDK's, whose bins become
/// trees: prefixes chosen so as to collide make it no slower than a logarithm.
public final class AddressLimit {
    private final int max;
    private final boolean on;

    /// Open connections by [AddressKey]; negative when the last one that was asked for was refused.
    private final ConcurrentHashMap<Long, Integer> counts = new ConcurrentHashMap<>();

    private final BiFunction<Integer, Integer, Integer> oneMore = this::oneMore;

    private AddressLimit(int max, boolean on) {
        this.max = max;
        this.on = on;
    }

    /// The limit of a server with `config`, as its [Limits#connectionsPerAddressMax()] says.
    public static AddressLimit of(ServerConfig config) {
        int max = config.limits().connectionsPerAddressMax();
        long all = (long) config.shards() * config.limits().connectionsMax();
        return new AddressLimit(max, max < all);
    }

    /// Whether there is a limit that a client could reach.
    public boolean isOn() {
        return on;
    }

    /// Counts one more connection for `key`, unless it has as many as it may.
    public boolean claim(long key) {
        return key == AddressKey.NONE || counts.merge(key, 1, oneMore) > 0;
    }

    /// Takes back what [#claim] has counted.
    public void release(long key) {
        if (key != AddressKey.NONE) counts.computeIfPresent(key, (_, open) -> oneLess(open));
    }

    /// Clients that have a connection.
    public int clientCount() {
        return counts.size();
    }

    private int oneMore(int open, int one) {
        return open < 0 || open >= max ? -max : open + one;
    }

    private static @Nullable Integer oneLess(int open) {
        int left = Math.abs(open) - 1;
        return left == 0 ? null : left;
    }
}
