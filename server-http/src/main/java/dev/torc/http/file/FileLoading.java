package dev.torc.http.file;

import dev.torc.core.Slice;
import dev.torc.core.spi.Filesystem.OpenResult;
import dev.torc.core.spi.OpenFile;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Finds out what a name below the root stands for: opens the file and the compressed ones next to
/// it, and reads those that are small.
///
/// ```
/// open ──▶ open .br, .zst, .gz, all at once ──▶ read the small ones, all at once ──▶ told
///   └ none left to open files with: closes some, opens once more
/// ```
///
/// On the shard's thread, which it never makes wait.
final class FileLoading {
    private static final int TRIES_MAX = 3;

    private final ShardFiles owner;
    private final byte[] path;
    private final @Nullable CachedFile before;
    private final long startedNanos;
    private final List<FileRequest> waiting = new ArrayList<>();
    private final @Nullable OpenFile[] files = new OpenFile[ContentCoding.ALL.size()];
    private final @Nullable Slice[] contents = new Slice[files.length];
    private OpenResult result = OpenResult.FAILED;
    private int pending;
    private int tries;
    private boolean truncated;

    /// @param before what was known, whose content may still be right
    FileLoading(ShardFiles owner, byte[] path, @Nullable CachedFile before) {
        this.owner = owner;
        this.path = path;
        this.before = before;
        startedNanos = owner.shard().nowNanos();
    }

    byte[] path() {
        return path;
    }

    OpenResult result() {
        return result;
    }

    List<FileRequest> waiting() {
        return waiting;
    }

    void start() {
        tries++;
        owner.open(path, this::opened);
    }

    private void opened(OpenResult opened, @Nullable OpenFile file) {
        result = opened;
        if (opened == OpenResult.EXHAUSTED && tries < TRIES_MAX && owner.closeSome()) {
            start();
            return;
        }
        if (file == null) {
            owner.loaded(this);
            return;
        }
        files[ContentCoding.IDENTITY.index()] = file;
        if (owner.options().precompressed()) {
            openSiblings(file);
        } else {
            readAll();
        }
    }

    private void openSiblings(OpenFile original) {
        for (ContentCoding coding : ContentCoding.ALL) {
            if (coding == ContentCoding.IDENTITY) continue;
            byte[] suffix = coding.suffix();
            byte[] name = Arrays.copyOf(path, path.length + suffix.length);
            System.arraycopy(suffix, 0, name, path.length, suffix.length);
            pending++;
            owner.open(name, (_, sibling) -> siblingOpened(coding, sibling, original));
        }
    }

    /// One that is older is what someone forgot to compress again. Whole seconds are compared,
    /// which is all that archives keep.
    private void siblingOpened(
            ContentCoding coding, @Nullable OpenFile sibling, OpenFile original) {
        if (sibling != null) {
            long age =
                    FileStamp.seconds(original.modifiedNanos())
                            - FileStamp.seconds(sibling.modifiedNanos());
            if (age <= 0) {
                files[coding.index()] = sibling;
            } else {
                sibling.release();
            }
        }
        if (--pending == 0) readAll();
    }

    // ---- content

    private void readAll() {
        pending = 1;
        for (ContentCoding coding : ContentCoding.ALL) {
            OpenFile file = files[coding.index()];
            if (file != null && file.size() <= owner.contentBytesMax()) read(coding, file);
        }
        readOne();
    }

    private void read(ContentCoding coding, OpenFile file) {
        int index = coding.index();
        int bytes = (int) file.size();
        Representation known = before == null ? null : before.representation(coding);
        if (known != null && known.isOf(stamp(file), file.device()) && keep(index, known)) return;
        Slice slice = owner.shard().buffers().take(bytes);
        if (slice == null) return; // it stays open instead
        pending++;
        if (bytes == 0) {
            take(index, slice, 0, 0);
            return;
        }
        owner.files().read(file, 0, slice, bytes, read -> take(index, slice, bytes, read));
    }

    /// Its content has not changed.
    private boolean keep(int index, Representation known) {
        Slice content = known.content();
        if (content == null) return false;
        content.retain();
        contents[index] = content;
        return true;
    }

    private void take(int index, Slice slice, int bytes, int read) {
        if (read == bytes) contents[index] = owner.shard().buffers().share(slice);
        truncated |= read >= 0 && read < bytes;
        slice.release();
        readOne();
    }

    private void readOne() {
        if (--pending > 0) return;
        if (truncated && tries < TRIES_MAX) {
            release();
            truncated = false;
            start();
            return;
        }
        if (truncated) {
            release();
            result = OpenResult.FAILED;
        }
        owner.loaded(this);
    }

    private void release() {
        for (int i = 0; i < files.length; i++) {
            OpenFile file = files[i];
            if (file != null) file.release();
            Slice content = contents[i];
            if (content != null) content.release();
            files[i] = null;
            contents[i] = null;
        }
    }

    // ---- what came of it

    /// What is known now. Takes over the open files. `scratch` is memory for a path.
    CachedFile file(FilePath scratch, long nowEpochSeconds) {
        if (files[ContentCoding.IDENTITY.index()] == null) {
            return new CachedFile(path, result, startedNanos);
        }
        scratch.set(path);
        @Nullable Representation[] all = new Representation[files.length];
        Compressed compressed = compressed(scratch);
        long there = Arrays.stream(files).filter(file -> file != null).count();
        boolean varies = there > 1 || compressed != Compressed.NEVER;
        for (ContentCoding coding : ContentCoding.ALL) {
            OpenFile file = files[coding.index()];
            if (file == null) continue;
            FileStamp stamp = stamp(file);
            TagPolicy policy = owner.options().tagPolicy();
            Validators validators = Validators.of(stamp, policy, coding, nowEpochSeconds);
            FileFields fields = FileFields.of(scratch, validators, coding, varies, owner.options());
            Slice content = contents[coding.index()];
            long device = file.device();
            OpenFile kept = content == null ? file : null;
            if (content != null) file.release();
            all[coding.index()] = new Representation(coding, stamp, device, fields, kept, content);
        }
        if (compressed == Compressed.DONE && before != null) {
            int gzip = ContentCoding.GZIP.index();
            Representation made = before.representation(ContentCoding.GZIP);
            if (made != null) all[gzip] = made.retain();
        }
        return new CachedFile(path, result, all, compressed, startedNanos);
    }

    /// What has been found out before remains true of a file that is the same.
    private Compressed compressed(FilePath scratch) {
        OpenFile original = files[ContentCoding.IDENTITY.index()];
        if (original == null || files[ContentCoding.GZIP.index()] != null) return Compressed.NEVER;
        if (!owner.isCompressed(scratch, original.size())) return Compressed.NEVER;
        Representation known =
                before == null ? null : before.representation(ContentCoding.IDENTITY);
        boolean same = known != null && known.isOf(stamp(original), original.device());
        if (before == null || !same) return Compressed.NOT_YET;
        Compressed then = before.compressed();
        return then == Compressed.NEVER ? Compressed.NOT_YET : then;
    }

    private static FileStamp stamp(OpenFile file) {
        return FileStamp.ofNanos(
                file.inode(), file.size(), file.modifiedNanos(), file.changedNanos());
    }
}
