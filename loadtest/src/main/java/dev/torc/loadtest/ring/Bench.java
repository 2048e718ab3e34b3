package dev.torc.loadtest.ring;

/// Something to be measured, on one thread.
interface Bench extends AutoCloseable {
    /// Goes round its loop `turns` times, and returns how many operations were done in them.
    long run(int turns);

    @Override
    void close();
}
