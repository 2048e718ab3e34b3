package dev.torc.core;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// The door into a shard: tasks that other threads ask it to run, in order.
///
/// Any thread [puts][#put(Runnable)]; the shard's thread does the rest. A sleeping shard is woken
/// once however many tasks arrive. The window between "nothing to do" and sleeping is closed by the
/// order on both sides: the shard publishes *asleep*, then looks again; a sender adds its task,
/// then looks at *asleep*. Both are volatile accesses, so at least one side sees the other.
public final class Inbox {
    private static final int TASKS_PER_TURN_MAX = 1024;

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final Runnable wake;

    /// `wake` makes the shard return from its wait; it is called by whichever thread puts.
    public Inbox(Runnable wake) {
        this.wake = wake;
    }

    /// Adds a task from any thread.
    public void put(Runnable task) {
        tasks.add(task);
        if (asleep.get() && asleep.compareAndSet(true, false)) wake.run();
    }

    /// Tasks that wait: counted one by one.
    int count() {
        return tasks.size();
    }

    /// Runs what has arrived, bounded so that a flood of tasks cannot starve the connections.
    void drain() {
        for (int i = 0; i < TASKS_PER_TURN_MAX; i++) {
            Runnable task = tasks.poll();
            if (task == null) return;
            task.run();
        }
    }

    /// Whether the shard may sleep: publishes that it does, then makes sure that nothing came
    /// first.
    boolean fallAsleep() {
        asleep.set(true);
        if (tasks.isEmpty()) return true;
        asleep.set(false);
        return false;
    }

    void wakeUp() {
        asleep.set(false);
    }
}
