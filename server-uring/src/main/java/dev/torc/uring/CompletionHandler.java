package dev.torc.uring;

/// Receives completions, as the primitives that the kernel wrote.
public interface CompletionHandler {
    /// `result` is the operation's, `-errno` when it failed; `flags` are `IORING_CQE_F_` bits.
    void onCompletion(long userData, int result, int flags);

    /// A completion of 32 bytes, in a ring with `IORING_SETUP_CQE32` or `CQE_MIXED`: what `extra1`
    /// and `extra2` are is the operation's.
    default void onBigCompletion(long userData, int result, int flags, long extra1, long extra2) {
        onCompletion(userData, result, flags);
    }
}
