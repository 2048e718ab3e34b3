package dev.torc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Server;
import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;
import dev.torc.core.TimerWheel;
import dev.torc.core.spi.ConnectionHandler;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

@EveryNetwork
class ManualTimeTest {
    private static final int SHARDS = 3;
    private static final Duration HOUR = Duration.ofHours(1);

    @Parameter Network network;

    private final AtomicInteger rung = new AtomicInteger();

    /// On the shard's thread.
    private ConnectionHandler.Factory setAlarm(Shard shard) {
        TimerWheel.Timer alarm =
                new TimerWheel.Timer() {
                    @Override
                    protected void onExpire(long nowNanos) {
                        rung.incrementAndGet();
                    }
                };
        shard.timers().schedule(alarm, shard.nowNanos() + HOUR.toNanos());
        return _ -> (_, _) -> {};
    }

    @Test
    void movesTheTimeOfAllShardsAndOfNothingElse() {
        ManualTime time = new ManualTime(network);
        ServerConfig config =
                ServerConfig.defaults().withPort(0).withShards(SHARDS).withTransport(time.name());
        Server server = Server.start(config, time.transport(), this::setAlarm);
        try {
            time.advance(server, HOUR.minusSeconds(1));
            assertEquals(0, rung.get());
            time.advance(server, Duration.ofSeconds(2));
            assertEquals(SHARDS, rung.get());
            time.advance(server, HOUR);
            assertEquals(SHARDS, rung.get());
        } finally {
            assertTrue(server.stop(Duration.ofSeconds(Await.PATIENCE_SECONDS)));
        }
    }
}
