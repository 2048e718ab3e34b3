package dev.torc.core;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// Wrong ways to fall asleep, each of which loses wake-ups. The race is that of
/// [InboxStress.OneProducer]: what is forbidden there has to be seen here, or else that race is not
/// run hard enough to mean anything.
public final class InboxCanary {
    private InboxCanary() {}

    /// Looks first and publishes *asleep* then: a task that comes in between wakes nobody.
    @JCStressTest
    @Outcome(id = "true, 0", expect = ACCEPTABLE_INTERESTING, desc = "the lost wake-up")
    @Outcome(
            id = {"true, 1", "false, 0"},
            expect = ACCEPTABLE,
            desc = "went well")
    @Outcome(expect = FORBIDDEN, desc = "not even this variant can")
    @State
    public static class PublishesLate {
        private final WrongInbox inbox = new WrongInbox();

        @Actor
        public void shard(ZI_Result result) {
            boolean empty = inbox.tasks.isEmpty();
            if (empty) inbox.asleep.set(true);
            result.r1 = empty;
        }

        @Actor
        public void producer() {
            inbox.put(() -> {});
        }

        @Arbiter
        public void count(ZI_Result result) {
            result.r2 = inbox.wakes.count();
        }
    }

    /// In the right order, but by a store that the processor may delay until after it has looked.
    /// What seems right and is wrong, also on x86.
    @JCStressTest
    @Outcome(id = "true, 0", expect = ACCEPTABLE_INTERESTING, desc = "the lost wake-up")
    @Outcome(
            id = {"true, 1", "false, [01]"},
            expect = ACCEPTABLE,
            desc = "went well")
    @Outcome(expect = FORBIDDEN, desc = "not even this variant can")
    @State
    public static class PublishesWithoutFence {
        private final WrongInbox inbox = new WrongInbox();

        @Actor
        public void shard(ZI_Result result) {
            inbox.asleep.setRelease(true);
            boolean empty = inbox.tasks.isEmpty();
            if (!empty) inbox.asleep.set(false);
            result.r1 = empty;
        }

        @Actor
        public void producer() {
            inbox.put(() -> {});
        }

        @Arbiter
        public void count(ZI_Result result) {
            result.r2 = inbox.wakes.count();
        }
    }

    private static final class WrongInbox {
        final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        final AtomicBoolean asleep = new AtomicBoolean();
        final WakeCount wakes = new WakeCount();

        /// As [Inbox#put(Runnable)].
        void put(Runnable task) {
            tasks.add(task);
            if (asleep.get() && asleep.compareAndSet(true, false)) wakes.run();
        }
    }
}
