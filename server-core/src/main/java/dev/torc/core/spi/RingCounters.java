package dev.torc.core.spi;

/// What a transport on a ring has given to the kernel and got back.
///
/// @param submissions entries that the kernel has taken
/// @param completions entries that it has returned
/// @param completionsMax most of these in one turn
/// @param submissionsPending entries that wait for the kernel to take them, now
/// @param completionsReady entries that wait to be drained, now
/// @param receivesArmed multishot receives armed: each connection's first, and again when one had
///   ended, by the kernel or by a cancel
/// @param buffers receive buffers that there are
/// @param pipes pipes open, for files sent by splice(2) on the kernel's threads
/// @param pipesAwaited transfers that wait for one
public record RingCounters(
        long submissions,
        long completions,
        int completionsMax,
        int submissionsPending,
        int completionsReady,
        long receivesArmed,
        int buffers,
        int pipes,
        int pipesAwaited) {
    /// Of a transport without a ring.
    public static final RingCounters NONE = new RingCounters(0, 0, 0, 0, 0, 0, 0, 0, 0);
}
