package dev.torc.uring;

/// Keeps the one completion that it is handed.
final class OneCompletion implements CompletionHandler {
    private long userData;
    private int result;
    private int flags;

    @Override
    public void onCompletion(long userData, int result, int flags) {
        this.userData = userData;
        this.result = result;
        this.flags = flags;
    }

    Completion completion() {
        return new Completion(userData, result, flags);
    }
}
