package dev.torc.http.log;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// The log's thread: takes the lines of all shards and writes them, many at a time. What it waits
/// for holds up nobody but itself.
final class LogWriter {
    private static final Logger LOG = System.getLogger(LogWriter.class.getName());
    private static final long BATCH_NANOS = Duration.ofMillis(50).toNanos();

    /// A shard that puts a line just while this falls asleep may not see that it does.
    private static final long SLEEP_NANOS = Duration.ofMillis(250).toNanos();

    private static final long REPORT_NANOS = Duration.ofSeconds(10).toNanos();

    private final LogSink sink;
    private final List<LineRing> rings = new CopyOnWriteArrayList<>();
    private final byte[] batch;
    private final Thread thread;
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final AtomicBoolean urged = new AtomicBoolean();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private volatile boolean closing;
    private String cause = "";
    private long reported;
    private long reportNanos = System.nanoTime();

    LogWriter(LogSink sink, int ringBytes) {
        this.sink = sink;
        batch = new byte[ringBytes];
        thread = Thread.ofPlatform().daemon().name("torc-access-log").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// A ring of another shard.
    LineRing addRing() {
        LineRing ring = new LineRing(batch.length);
        rings.add(ring);
        return ring;
    }

    /// A line has been put into `ring`. On its shard's thread; enters the kernel only when the
    /// log's thread sleeps, or must hurry.
    void linePut(LineRing ring) {
        boolean sleeping = asleep.get() && asleep.compareAndSet(true, false);
        boolean hurry = ring.isHalfFull() && urged.compareAndSet(false, true);
        if (sleeping || hurry) LockSupport.unpark(thread);
    }

    long writtenCount() {
        return written.get();
    }

    long droppedCount() {
        long sum = lost.get();
        for (LineRing ring : rings) sum += ring.droppedCount();
        return sum;
    }

    /// Writes what is there, and ends; waits for that for at most `patience`. Whether it has.
    boolean close(Duration patience) {
        closing = true;
        LockSupport.unpark(thread);
        try {
            return thread.join(patience);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void run() {
        boolean last = false;
        while (!last) {
            last = closing;
            urged.set(false);
            boolean some = drain();
            report(last);
            if (last) break;
            if (some) {
                LockSupport.parkNanos(BATCH_NANOS);
            } else {
                sleep();
            }
        }
        try {
            sink.close();
        } catch (IOException failure) {
            LOG.log(Level.WARNING, "the access log did not close: " + failure);
        }
    }

    private void sleep() {
        asleep.set(true);
        boolean empty = true;
        for (LineRing ring : rings) empty &= ring.isEmpty();
        if (empty && !closing) LockSupport.parkNanos(SLEEP_NANOS);
        asleep.set(false);
    }

    /// Writes everything that is there now; whether there was anything.
    private boolean drain() {
        boolean some = false;
        for (LineRing ring : rings) {
            int length = ring.take(batch, 0);
            if (length == 0) continue;
            some = true;
            write(length);
        }
        if (!some) write(0);
        return some;
    }

    private void write(int length) {
        int lines = count(length);
        try {
            sink.tend();
            if (length > 0) sink.write(ByteBuffer.wrap(batch, 0, length));
            written.addAndGet(lines);
        } catch (IOException | RuntimeException failure) {
            cause = ": " + failure;
            lost.addAndGet(lines);
        }
    }

    private int count(int length) {
        int lines = 0;
        for (int i = 0; i < length; i++) if (batch[i] == '\n') lines++;
        return lines;
    }

    /// Tells of what has been lost since it did before: now and then, and at the end.
    private void report(boolean last) {
        long dropped = droppedCount();
        boolean early = System.nanoTime() - reportNanos < 0;
        if (dropped == reported || (early && !last)) return;
        reportNanos = System.nanoTime() + REPORT_NANOS;
        String why = cause.isEmpty() ? ": they came faster than they could be written" : cause;
        long lines = dropped - reported;
        String what = lines == 1 ? " line" : " lines";
        LOG.log(Level.WARNING, "the access log has lost " + lines + what + why);
        reported = dropped;
        cause = "";
    }
}
