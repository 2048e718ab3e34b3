package dev.torc.testkit.contract;

import dev.torc.core.Server;
import dev.torc.core.Shard;
import dev.torc.testkit.Await;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// The contract of a transport: a turn stays short, however much there is to do.
abstract class TurnContract extends CloseContract {

    @Test
    void workThatIsPutOffForEverKeepsNobodyFromBeingServed() {
        AtomicReference<Shard> shard = new AtomicReference<>();
        AtomicLong runs = new AtomicLong();
        Server server =
                start(
                        limits(),
                        started -> {
                            shard.set(started);
                            return _ -> new TestHandler();
                        });
        Shard started = shard.get();
        Runnable forEver =
                new Runnable() {
                    @Override
                    public void run() {
                        runs.incrementAndGet();
                        started.putOff(this);
                    }
                };
        started.execute(forEver);
        expectEcho(server);
        long before = runs.get();
        Await.until("it goes on without anything else to do", () -> runs.get() > before + 10);
    }
}
