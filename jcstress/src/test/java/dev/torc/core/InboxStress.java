package dev.torc.core;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/// What [Inbox] promises, raced millions of times by jcstress: each nested class is one race, and
/// each outcome is what its threads saw.
public final class InboxStress {
    private InboxStress() {}

    /// A task comes while the shard goes to sleep. Results: whether it sleeps, how often it is
    /// woken.
    @JCStressTest
    @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "asleep, and woken")
    @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "kept awake by the task")
    @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "both saw each other: a wake-up to spare")
    @Outcome(id = "true, 0", expect = FORBIDDEN, desc = "asleep over a task: a lost wake-up")
    @Outcome(expect = FORBIDDEN, desc = "woken twice")
    @State
    public static class OneProducer {
        private final WakeCount wakes = new WakeCount();
        private final Inbox inbox = new Inbox(wakes);

        @Actor
        public void shard(ZI_Result result) {
            result.r1 = inbox.fallAsleep();
        }

        @Actor
        public void producer() {
            inbox.put(() -> {});
        }

        @Arbiter
        public void count(ZI_Result result) {
            result.r2 = wakes.count();
        }
    }

    /// Two producers find the shard asleep: one of them wakes it. Result: how often it is woken.
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "woken once")
    @Outcome(expect = FORBIDDEN, desc = "woken twice, or not at all")
    @State
    public static class TwoProducers {
        private final WakeCount wakes = new WakeCount();
        private final Inbox inbox = new Inbox(wakes);

        public TwoProducers() {
            inbox.fallAsleep();
        }

        @Actor
        public void first() {
            inbox.put(() -> {});
        }

        @Actor
        public void second() {
            inbox.put(() -> {});
        }

        @Arbiter
        public void count(I_Result result) {
            result.r1 = wakes.count();
        }
    }

    /// The end of one turn, and the next: the shard wakes up for another reason while the task
    /// comes. Results: whether it sleeps again, whether the task has run, how often it is woken. A
    /// wake-up that came too late for the first sleep ends the second one at once.
    @JCStressTest
    @Outcome(id = "true, true, [01]", expect = ACCEPTABLE, desc = "ran, then asleep")
    @Outcome(id = "true, false, 1", expect = ACCEPTABLE, desc = "asleep, and woken")
    @Outcome(id = "false, false, [01]", expect = ACCEPTABLE, desc = "kept awake by the task")
    @Outcome(id = "true, false, 0", expect = FORBIDDEN, desc = "asleep over a task")
    @Outcome(expect = FORBIDDEN, desc = "woken twice, or awake for nothing")
    @State
    public static class TwoTurns {
        private final WakeCount wakes = new WakeCount();
        private final Inbox inbox = new Inbox(wakes);
        private boolean ran;

        @Actor
        public void shard(ZZI_Result result) {
            inbox.fallAsleep();
            inbox.wakeUp();
            inbox.drain();
            result.r1 = inbox.fallAsleep();
            result.r2 = ran;
        }

        @Actor
        public void producer() {
            inbox.put(() -> ran = true);
        }

        @Arbiter
        public void count(ZZI_Result result) {
            result.r3 = wakes.count();
        }
    }

    /// Two producers put two tasks each, A before a and B before b, while the shard drains; one of
    /// them is the shard itself, so that two CPUs do. The result is the order in which they ran.
    @JCStressTest
    @Outcome(
            id = {"AaBb", "ABab", "ABba", "BAab", "BAba", "BbAa"},
            expect = ACCEPTABLE,
            desc = "each producer's own order")
    @Outcome(expect = FORBIDDEN, desc = "out of order, lost or run twice")
    @State
    public static class Order {
        private final Inbox inbox = new Inbox(() -> {});
        private final StringBuilder ran = new StringBuilder();

        @Actor
        public void shard() {
            inbox.put(() -> ran.append('B'));
            inbox.drain();
            inbox.put(() -> ran.append('b'));
            inbox.drain();
        }

        @Actor
        public void producer() {
            inbox.put(() -> ran.append('A'));
            inbox.put(() -> ran.append('a'));
        }

        @Arbiter
        public void rest(L_Result result) {
            inbox.drain();
            result.r1 = ran.toString();
        }
    }
}
