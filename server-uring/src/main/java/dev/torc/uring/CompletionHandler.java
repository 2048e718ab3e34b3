package dev.torc.uring;

/// Receives completions, as the primitives that the kernel wrote.
public interface CompletionHandler {
    /// `result` is the operation's, `-errno` when it failed; `flags` are `IORING_CQE_F_` bits.
    void onCompletion(long userData, int result, int flags);
}
