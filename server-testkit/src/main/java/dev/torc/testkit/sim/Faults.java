package dev.torc.testkit.sim;

import java.util.random.RandomGenerator;

/// How hard a simulated kernel and network make life: every fault is one that the real ones have.
/// Chances are per mille of the occasions.
///
/// @param delayNanosMax how long bytes, resets and shutdowns may be under way
/// @param partial data arrives, and is taken, in parts
/// @param reordered completions come in any order that the kernel allows
/// @param interrupted a wait ends early, by a signal or for nothing
/// @param refusedSubmit the kernel takes only some of the submissions, or none (`EAGAIN`)
/// @param endedMultishot a multishot operation ends although it has not failed
/// @param failedAccept an accept fails: `EMFILE`, `ENFILE`, `ECONNABORTED`, `ENOMEM`
/// @param lateCancel a cancel comes too late
/// @param smallQueues the kernel makes queues smaller than it was asked for, so that they overflow
/// @param streamBytesMax bytes that one direction of a connection can hold
public record Faults(
        long delayNanosMax,
        int partial,
        boolean reordered,
        int interrupted,
        int refusedSubmit,
        int endedMultishot,
        int failedAccept,
        int lateCancel,
        boolean smallQueues,
        int streamBytesMax) {
    private static final int STREAM_BYTES = 1 << 21;
    private static final Faults NONE = new Faults(0, 0, false, 0, 0, 0, 0, 0, false, STREAM_BYTES);

    /// A kernel and a network without a fault: everything happens at once, in order and whole.
    public static Faults none() {
        return NONE;
    }

    /// A mixture drawn from `chance`: some kinds of fault often, some rarely, some not at all.
    public static Faults drawn(RandomGenerator chance) {
        return new Faults(
                1L << (10 + chance.nextInt(18)),
                rate(chance, 800),
                chance.nextInt(4) > 0,
                rate(chance, 200),
                rate(chance, 100),
                rate(chance, 200),
                rate(chance, 200),
                rate(chance, 500),
                chance.nextInt(3) == 0,
                1 << (4 + chance.nextInt(14)));
    }

    public Faults withFailedAccept(int perMille) {
        return new Faults(
                delayNanosMax,
                partial,
                reordered,
                interrupted,
                refusedSubmit,
                endedMultishot,
                perMille,
                lateCancel,
                smallQueues,
                streamBytesMax);
    }

    private static int rate(RandomGenerator chance, int max) {
        return chance.nextInt(3) == 0 ? 0 : chance.nextInt(max);
    }
}
