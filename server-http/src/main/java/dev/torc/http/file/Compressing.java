package dev.torc.http.file;

import dev.torc.core.Slice;
import dev.torc.core.spi.OpenFile;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
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
    private static final Logger LOG = System.getLogger(Compressing.class.getName());

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
            compress(content);
            return;
        }
        OpenFile opened = original.file();
        Slice slice = owner.shard().buffers().take(bytes());
        if (slice == null || opened == null) {
            end();
            return;
        }
        try {
            owner.files().read(opened, 0, slice, bytes(), read -> take(slice, read));
        } catch (Throwable failure) {
            slice.release();
            fail(failure);
        }
    }

    private void take(Slice slice, int read) {
        boolean whole = read == bytes();
        if (whole) compress(slice);
        slice.release();
        if (!whole) end();
    }

    /// Has a copy compressed. There may be no memory for one, which must not keep the others back.
    private void compress(Slice content) {
        try {
            byte[] copy = content.toBytes();
            Thread.ofVirtual().name("torc-gzip").start(() -> run(copy));
        } catch (Throwable failure) {
            fail(failure);
        }
    }

    private void fail(Throwable failure) {
        if (owner.failures().allows(owner.shard().nowNanos())) {
            String name = new String(path(), StandardCharsets.UTF_8);
            LOG.log(Level.ERROR, "the file cannot be compressed: " + name, failure);
        }
        end();
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
