package dev.torc.core;

import java.util.concurrent.atomic.AtomicInteger;

/// Stands in for a transport: how often it was woken.
final class WakeCount implements Runnable {
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public void run() {
        count.incrementAndGet();
    }

    int count() {
        return count.get();
    }
}
