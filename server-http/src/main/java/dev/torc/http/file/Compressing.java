package dev.torc.http.file;

import dev.torc.core.Slice;
import dev.torc.core.spi.OpenFile;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// One file that is being compressed, or waits for its turn, and the requests that wait for it.
///
/// ```
/// read, unless it is in memory ──▶ compressed, on a virtual thread ──▶ told
/// ```
///
/// On the shard's thread but for the compressing. Has references to the file and its content while
/// it lasts.
final class Compressing {
    /// What is less than an eighth smaller is not worth the client's time.
    private static final int PARTS = 8;

    /// How it has ended.
    enum Outcome {
        MADE,
        /// It hardly becomes smaller.
        IN_VAIN,
        /// It could not be read, or there is no memory, which may pass.
        FAILED
    }

    private final ShardFiles owner;
    private final Runnable told;
    private final CachedFile file;
    private final Representation original;
    private final List<FileRequest> waiting = new ArrayList<>();
    private byte[] made = {};

    // Written by the virtual thread before it hands over to the shard's.
    private Outcome outcome = Outcome.FAILED;

    /// @param told runs when it is over
    Compressing(ShardFiles owner, CachedFile file, Runnable told) {
        this.owner = owner;
        this.told = told;
        this.file = file;
        original = Objects.requireNonNull(file.representation(ContentCoding.IDENTITY)).retain();
    }

    /// Whether it is this file, in the same state.
    boolean isOf(CachedFile other) {
        if (other == file) return true;
        Representation now = other.representation(ContentCoding.IDENTITY);
        return now != null && other.hasPathOf(file) && original.isSameAs(now);
    }

    int bytes() {
        return (int) original.sizeBytes();
    }

    byte[] path() {
        return file.path();
    }

    Representation original() {
        return original;
    }

    List<FileRequest> waiting() {
        return waiting;
    }

    Outcome outcome() {
        return outcome;
    }

    /// What it has become, if it was [Outcome#MADE].
    byte[] made() {
        return made;
    }

    void start() {
        Slice content = original.content();
        if (content != null) {
            compress(content.toBytes());
            return;
        }
        OpenFile opened = original.file();
        Slice slice = owner.shard().buffers().take(bytes());
        if (slice == null || opened == null) {
            end();
            return;
        }
        owner.files().read(opened, 0, slice, bytes(), read -> take(slice, read));
    }

    private void take(Slice slice, int read) {
        byte[] content = read == bytes() ? slice.toBytes() : null;
        slice.release();
        if (content == null) end();
        else compress(content);
    }

    private void compress(byte[] content) {
        Thread.ofVirtual().name("torc-gzip").start(() -> run(content));
    }

    private void run(byte[] content) {
        try {
            byte[] smaller = Gzip.compress(content, content.length - content.length / PARTS);
            if (smaller != null) made = smaller;
            outcome = smaller == null ? Outcome.IN_VAIN : Outcome.MADE;
        } finally {
            owner.shard().execute(this::end);
        }
    }

    private void end() {
        original.release();
        told.run();
    }
}
