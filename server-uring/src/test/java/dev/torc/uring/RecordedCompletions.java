package dev.torc.uring;

import java.util.ArrayList;
import java.util.List;

/// Keeps what it is handed.
final class RecordedCompletions implements CompletionHandler {
    final List<Completion> all = new ArrayList<>();

    @Override
    public void onCompletion(long userData, int result, int flags) {
        all.add(new Completion(userData, result, flags));
    }

    List<Completion> take() {
        List<Completion> taken = List.copyOf(all);
        all.clear();
        return taken;
    }
}
