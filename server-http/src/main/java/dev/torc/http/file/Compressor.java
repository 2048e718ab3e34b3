package dev.torc.http.file;

import dev.torc.http.file.Compressing.Outcome;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;

/// Compresses files for one shard, one after the other, each once for all who ask meanwhile.
///
/// Whoever asks for a file waits until it is compressed, rather than being sent it as it is: the
/// same request has the same answer, HEAD has the length and the tag of GET, no cache keeps the
/// larger one for a year, and compressing is faster than all but the fastest networks. But only so
/// much may wait ([#BYTES_MAX], some 0.1 s of work, and [#FILES_MAX]); what is more is sent as it
/// is, so that whoever asks for many files costs neither memory nor more than one thread's time.
///
/// On the shard's thread.
final class Compressor {
    static final int BYTES_MAX = 4 << 20;
    static final int FILES_MAX = 64;

    private final ShardFiles owner;
    private final Deque<Compressing> pending = new ArrayDeque<>();
    private int pendingBytes;
    private int started;

    Compressor(ShardFiles owner) {
        this.owner = owner;
    }

    /// Has `call` wait for the file to be compressed, and answered then; false if it cannot wait.
    boolean compress(FileRequest call, CachedFile file) {
        Compressing found = find(file);
        if (found == null && !hasRoom(file)) return false;
        if (!call.waits()) return false;
        Compressing job = found == null ? new Compressing(owner, file, this::ended) : found;
        job.waiting().add(call); // before it begins, which may be its end as well
        if (found == null) begin(job);
        return true;
    }

    /// Files so far.
    int started() {
        return started;
    }

    private @Nullable Compressing find(CachedFile file) {
        for (Compressing job : pending) if (job.isOf(file)) return job;
        return null;
    }

    private boolean hasRoom(CachedFile file) {
        Representation original = file.representation(ContentCoding.IDENTITY);
        return original != null
                && pending.size() < FILES_MAX
                && pendingBytes + original.sizeBytes() <= BYTES_MAX;
    }

    private void begin(Compressing job) {
        pending.add(job);
        pendingBytes += job.bytes();
        if (pending.size() == 1) start(job);
    }

    private void start(Compressing job) {
        started++;
        job.start();
    }

    /// The first is over.
    private void ended() {
        Compressing job = pending.remove();
        pendingBytes -= job.bytes();
        Compressing next = pending.peek();
        if (next != null) start(next);
        Representation made = job.outcome() == Outcome.MADE ? owner.made(job) : null;
        if (made != null || job.outcome() == Outcome.IN_VAIN) owner.remember(job, made);
        for (FileRequest call : job.waiting()) {
            if (made != null) {
                owner.send(call, made);
            } else {
                owner.serveAsItIs(call);
            }
        }
        if (made != null) made.release();
    }
}
