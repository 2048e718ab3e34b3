package dev.torc.examples;

import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/// What [JsonCrud] keeps: all shards use it at once, and it is bounded.
final class Tasks {
    private static final int COUNT_MAX = 1000;

    private final SortedMap<Integer, Task> tasks = new ConcurrentSkipListMap<>();
    private final AtomicInteger last = new AtomicInteger();

    Map<Integer, Task> all() {
        return tasks;
    }

    Task find(int id) {
        Task task = tasks.get(id);
        if (task == null) throw unknown(id);
        return task;
    }

    /// Its id.
    synchronized int add(Task task) {
        if (tasks.size() >= COUNT_MAX) throw new IllegalStateException("delete some tasks first");
        int id = last.incrementAndGet();
        tasks.put(id, task);
        return id;
    }

    Task replace(int id, Task task) {
        if (tasks.replace(id, task) == null) throw unknown(id);
        return task;
    }

    void remove(int id) {
        if (tasks.remove(id) == null) throw unknown(id);
    }

    private static NoSuchElementException unknown(int id) {
        return new NoSuchElementException("there is no task " + id);
    }
}
