package dev.torc.http.file;

import dev.torc.core.Slice;
import dev.torc.core.spi.Filesystem.OpenResult;
import dev.torc.core.spi.OpenFile;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;

/// Finds out what a name below the root stands for: opens the file and the compressed ones next to
/// it, and reads those that are small.
///
/// ```
/// open ──▶ open .br, .zst, .gz, all at once ──▶ read the small ones, all at once ──▶ told
///  │                                                      └ changed since: opens once more
///  └ none left to open files with: closes some, opens once more
/// ```
///
/// A file that changes all the time is taken as it was read last, and gets a weak tag.
///
/// It ends once, whatever happens on the way, or nobody who asks for the name would ever be
/// answered again. On the shard's thread, which it never makes wait.
final class FileLoading {
    private static final Logger LOG = System.getLogger(FileLoading.class.getName());
    private static final int TRIES_MAX = 3;

    private final ShardFiles owner;
    private final byte[] path;
    private final long startedNanos;
    private final Queue<FileRequest> waiting = new ArrayDeque<>();
    private final @Nullable OpenFile[] files = new OpenFile[ContentCoding.ALL.size()];
    private final @Nullable Slice[] contents = new Slice[files.length];
    private OpenResult result = OpenResult.FAILED;
    private int pending;
    private int tries;
    private boolean exhausted;
    private boolean uncertain;
    private boolean truncated;
    private boolean changed;
    private boolean over;

    FileLoading(ShardFiles owner, byte[] path) {
        this.owner = owner;
        this.path = path;
        startedNanos = owner.shard().nowNanos();
    }

    byte[] path() {
        return path;
    }

    OpenResult result() {
        return result;
    }

    Queue<FileRequest> waiting() {
        return waiting;
    }

    void start() {
        tries++;
        exhausted = false;
        uncertain = false;
        truncated = false;
        changed = false;
        guard(() -> owner.open(path, (how, file) -> guard(() -> opened(how, file))));
    }

    private void guard(Runnable step) {
        try {
            step.run();
        } catch (Throwable failure) {
            fail(failure);
        }
    }

    private void fail(Throwable failure) {
        if (owner.failures().allows(owner.shard().nowNanos())) {
            String name = new String(path, StandardCharsets.UTF_8);
            LOG.log(Level.ERROR, "the file cannot be loaded: " + name, failure);
        }
        over = true;
        release();
        result = OpenResult.FAILED;
        owner.loaded(this, null);
    }

    private void end() {
        boolean there = result != OpenResult.EXHAUSTED && result != OpenResult.FAILED;
        CachedFile found = there ? owner.described(this) : null;
        over = true;
        owner.loaded(this, found);
    }

    private void opened(OpenResult opened, @Nullable OpenFile file) {
        result = opened;
        if (opened == OpenResult.EXHAUSTED) {
            exhausted();
            return;
        }
        if (file == null) {
            end();
            return;
        }
        files[ContentCoding.IDENTITY.index()] = file;
        if (owner.options().precompressed()) {
            openSiblings(file);
        } else {
            readAll();
        }
    }

    private void exhausted() {
        release();
        result = OpenResult.EXHAUSTED;
        if (tries < TRIES_MAX && owner.closeSome()) start();
        else end();
    }

    private void openSiblings(OpenFile original) {
        for (ContentCoding coding : ContentCoding.ALL) {
            if (coding == ContentCoding.IDENTITY) continue;
            byte[] suffix = coding.suffix();
            byte[] name = Arrays.copyOf(path, path.length + suffix.length);
            System.arraycopy(suffix, 0, name, path.length, suffix.length);
            pending++;
            owner.open(
                    name, (how, file) -> guard(() -> siblingOpened(coding, how, file, original)));
        }
    }

    /// One that is older is what someone forgot to compress again. Whole seconds are compared,
    /// which is all that archives keep. One that there is no descriptor for now is not absent: what
    /// was sent without it would not say that there is a choice, and shared caches would keep it
    /// for everyone. One that cannot be opened is passed over, but there is a choice.
    private void siblingOpened(
            ContentCoding coding, OpenResult how, @Nullable OpenFile sibling, OpenFile original) {
        exhausted |= how == OpenResult.EXHAUSTED;
        uncertain |= how == OpenResult.FAILED;
        if (sibling != null) {
            long age =
                    FileStamp.seconds(original.modifiedNanos())
                            - FileStamp.seconds(sibling.modifiedNanos());
            if (age <= 0 && !over) {
                files[coding.index()] = sibling;
            } else {
                sibling.release();
            }
        }
        if (--pending > 0 || over) return;
        if (exhausted) exhausted();
        else readAll();
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
        Representation known = known(coding);
        if (known != null && known.isOf(stamp(file), file.device()) && keep(index, known)) return;
        Slice slice = owner.shard().buffers().take(bytes);
        if (slice == null) return; // it stays open instead
        pending++;
        if (bytes == 0) {
            take(index, slice, 0, 0);
            return;
        }
        try {
            owner.files()
                    .read(
                            file,
                            0,
                            slice,
                            bytes,
                            read -> guard(() -> take(index, slice, bytes, read)));
        } catch (Throwable failure) {
            slice.release();
            throw failure;
        }
    }

    /// What is known of the file now. Between two steps the cache may let go of it, and of its
    /// content with it, or another may take its place.
    private @Nullable Representation known(ContentCoding coding) {
        CachedFile file = owner.known(path);
        return file == null ? null : file.representation(coding);
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
        try {
            if (read == bytes && !over) contents[index] = owner.shard().buffers().share(slice);
        } finally {
            slice.release();
        }
        truncated |= read >= 0 && read < bytes;
        if (over) return;
        OpenFile file = files[index];
        if (file == null || bytes == 0 || contents[index] == null) readOne();
        else owner.files().check(file, same -> guard(() -> checked(same)));
    }

    /// What has been read may be of another state than that which was found when it was opened.
    private void checked(boolean same) {
        changed |= !same;
        if (!over) readOne();
    }

    private void readOne() {
        if (--pending > 0) return;
        if ((truncated || changed) && tries < TRIES_MAX) {
            release();
            start();
            return;
        }
        if (truncated) {
            release();
            result = OpenResult.FAILED;
        }
        end();
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
        Compressed compressed = compressed(scratch);
        long there = Arrays.stream(files).filter(file -> file != null).count();
        boolean varies = there > 1 || uncertain || compressed != Compressed.NEVER;
        FileFields[] fields = new FileFields[files.length];
        for (ContentCoding coding : ContentCoding.ALL) {
            OpenFile file = files[coding.index()];
            if (file == null) continue;
            TagPolicy policy = owner.options().tagPolicy();
            Validators own = Validators.of(stamp(file), policy, coding, nowEpochSeconds);
            Validators told = changed ? own.weakened() : own;
            fields[coding.index()] = FileFields.of(scratch, told, coding, varies, owner.options());
        }
        @Nullable Representation[] all = representations(fields);
        if (compressed == Compressed.DONE) {
            int gzip = ContentCoding.GZIP.index();
            Representation made = known(ContentCoding.GZIP);
            if (made != null) all[gzip] = made.retain();
        }
        return new CachedFile(path, result, all, compressed, startedNanos);
    }

    private @Nullable Representation[] representations(FileFields[] fields) {
        @Nullable Representation[] all = new Representation[files.length];
        for (ContentCoding coding : ContentCoding.ALL) {
            int index = coding.index();
            OpenFile file = files[index];
            if (file == null) continue;
            Slice content = contents[index];
            OpenFile kept = content == null ? file : null;
            all[index] =
                    new Representation(
                            coding, stamp(file), file.device(), fields[index], kept, content);
            if (content != null) file.release();
            files[index] = null;
            contents[index] = null;
        }
        return all;
    }

    /// What has been found out before remains true of a file that is the same.
    private Compressed compressed(FilePath scratch) {
        OpenFile original = files[ContentCoding.IDENTITY.index()];
        if (original == null || files[ContentCoding.GZIP.index()] != null) return Compressed.NEVER;
        if (!owner.isCompressed(scratch, original.size())) return Compressed.NEVER;
        CachedFile before = owner.known(path);
        Representation known = known(ContentCoding.IDENTITY);
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
