package dev.torc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InboxTest {
    private static final int BURSTING = 3;
    private static final int WAITING = 2;
    private static final int BURST_TASKS = 30_000;
    private static final int WAIT_TASKS = 10_000;

    @Test
    void runsTasksInTheOrderOfTheCalls() {
        Inbox inbox = new Inbox(() -> {});
        List<Integer> ran = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            inbox.put(() -> ran.add(number));
        }
        inbox.drain();
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), ran);
    }

    @Test
    void aFloodOfTasksEndsADrain() {
        Inbox inbox = new Inbox(() -> {});
        AtomicInteger ran = new AtomicInteger();
        Runnable again =
                new Runnable() {
                    @Override
                    public void run() {
                        ran.incrementAndGet();
                        inbox.put(this);
                    }
                };
        inbox.put(again);
        inbox.drain();
        int first = ran.get();
        assertTrue(first > 0 && first < 10_000, "ran=" + first);
        inbox.drain();
        assertEquals(2 * first, ran.get());
    }

    @Test
    void doesNotFallAsleepOverATask() {
        Inbox inbox = new Inbox(() -> {});
        inbox.put(() -> {});
        assertFalse(inbox.fallAsleep());
        inbox.drain();
        assertTrue(inbox.fallAsleep());
    }

    @Test
    void wakesASleeperOnceAndNobodyElse() {
        AtomicInteger wakes = new AtomicInteger();
        Inbox inbox = new Inbox(wakes::incrementAndGet);
        inbox.put(() -> {});
        assertEquals(0, wakes.get());
        inbox.drain();
        assertTrue(inbox.fallAsleep());
        for (int i = 0; i < 5; i++) inbox.put(() -> {});
        assertEquals(1, wakes.get());
        inbox.wakeUp();
        inbox.put(() -> {});
        assertEquals(1, wakes.get());
        assertFalse(inbox.fallAsleep());
        inbox.put(() -> {});
        assertEquals(1, wakes.get());
    }

    @Test
    void aThrowingTaskLosesNoOther() {
        Inbox inbox = new Inbox(() -> {});
        AtomicInteger ran = new AtomicInteger();
        inbox.put(
                () -> {
                    throw new IllegalStateException("thrown by a task");
                });
        inbox.put(ran::incrementAndGet);
        try {
            inbox.drain();
        } catch (IllegalStateException thrown) {
            assertEquals(0, ran.get());
        }
        inbox.drain();
        assertEquals(1, ran.get());
    }

    /// Some producers flood; the others wait for each of their tasks, so that the consumer goes to
    /// sleep, and has to be woken, again and again.
    @Test
    void noWakeUpIsLostAndEachProducersTasksStayInOrder() throws InterruptedException {
        Semaphore transport = new Semaphore(0);
        Inbox inbox = new Inbox(transport::release);
        int[] lastOf = new int[BURSTING + WAITING];
        int[] ranOf = new int[BURSTING + WAITING];
        AtomicInteger disorders = new AtomicInteger();
        AtomicBoolean end = new AtomicBoolean();
        AtomicBoolean slept = new AtomicBoolean(true);
        Thread consumer =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    while (true) {
                                        inbox.drain();
                                        if (end.get()) return;
                                        if (inbox.fallAsleep() && !sleep(transport)) {
                                            slept.set(false);
                                            return;
                                        }
                                        inbox.wakeUp();
                                    }
                                });
        List<Thread> producers = new ArrayList<>();
        for (int i = 0; i < BURSTING + WAITING; i++) {
            int producer = i;
            boolean waits = i >= BURSTING;
            int tasks = waits ? WAIT_TASKS : BURST_TASKS;
            producers.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (int n = 1; n <= tasks && slept.get(); n++) {
                                            int number = n;
                                            AtomicBoolean done = new AtomicBoolean(!waits);
                                            Thread self = Thread.currentThread();
                                            inbox.put(
                                                    () -> {
                                                        if (lastOf[producer] != number - 1) {
                                                            disorders.incrementAndGet();
                                                        }
                                                        lastOf[producer] = number;
                                                        ranOf[producer]++;
                                                        done.set(true);
                                                        if (waits) LockSupport.unpark(self);
                                                    });
                                            while (!done.get() && slept.get()) {
                                                LockSupport.parkNanos(100_000_000);
                                            }
                                        }
                                    }));
        }
        for (Thread producer : producers) producer.join();
        inbox.put(() -> end.set(true));
        consumer.join();
        assertTrue(slept.get(), "the consumer slept for seconds while a task was waiting");
        assertEquals(0, disorders.get());
        for (int i = 0; i < BURSTING + WAITING; i++) {
            assertEquals(i >= BURSTING ? WAIT_TASKS : BURST_TASKS, ranOf[i]);
        }
    }

    /// Whether it was woken.
    private static boolean sleep(Semaphore transport) {
        try {
            return transport.tryAcquire(5, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            return false;
        }
    }
}
