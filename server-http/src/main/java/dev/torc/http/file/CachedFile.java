package dev.torc.http.file;

import dev.torc.core.Slice;
import dev.torc.core.memory.Memory;
import dev.torc.core.spi.Filesystem.OpenResult;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// What is known of a name below the root: the file in each coding that there is of it, or why
/// there is none. Owned by its [FileCache]; on the shard's thread.
final class CachedFile {
    private final byte[] path;
    private final int hash;
    private final OpenResult result;
    private final @Nullable Representation[] representations;
    private final Compressed compressed;
    private final long checkedNanos;
    private int available;
    private long contentBytes;
    private int openFiles;

    // The cache's: the next in the same bucket, the neighbours by time of use, and that time.
    @Nullable CachedFile next;
    @Nullable CachedFile older;
    @Nullable CachedFile newer;
    long used;

    /// Nothing that can be sent.
    CachedFile(byte[] path, OpenResult result, long checkedNanos) {
        this(path, result, new Representation[0], Compressed.NEVER, checkedNanos);
    }

    /// A file: its representations by [ContentCoding#index()].
    ///
    /// @param compressed if done, it is among them
    CachedFile(
            byte[] path,
            OpenResult result,
            @Nullable Representation[] representations,
            Compressed compressed,
            long checkedNanos) {
        this.path = path;
        this.hash = hash(path);
        this.result = result;
        this.representations = representations;
        this.compressed = compressed;
        this.checkedNanos = checkedNanos;
        for (Representation one : representations) {
            if (one != null) count(one);
        }
    }

    /// The same, with what has come of compressing it; null: it was in vain. Has references of its
    /// own.
    CachedFile compressed(@Nullable Representation gzip) {
        @Nullable Representation[] all = representations.clone();
        all[ContentCoding.GZIP.index()] = gzip;
        for (Representation one : all) {
            if (one != null) one.retain();
        }
        Compressed state = gzip == null ? Compressed.IN_VAIN : Compressed.DONE;
        return new CachedFile(path, result, all, state, checkedNanos);
    }

    private void count(Representation one) {
        available |= one.coding().bit();
        Slice content = one.content();
        if (content != null) contentBytes += content.length();
        if (one.file() != null) openFiles++;
    }

    byte[] path() {
        return path;
    }

    int hash() {
        return hash;
    }

    OpenResult result() {
        return result;
    }

    boolean isFile() {
        return available != 0;
    }

    /// The codings that there are of it, as bits.
    int available() {
        return available;
    }

    @Nullable Representation representation(ContentCoding coding) {
        return representations.length == 0 ? null : representations[coding.index()];
    }

    /// What has become of compressing it.
    Compressed compressed() {
        return compressed;
    }

    /// When the file system was asked.
    long checkedNanos() {
        return checkedNanos;
    }

    long contentBytes() {
        return contentBytes;
    }

    int openFiles() {
        return openFiles;
    }

    boolean isAt(long address, int length) {
        if (length != path.length) return false;
        for (int i = 0; i < length; i++) {
            if (Memory.getByte(address + i) != path[i]) return false;
        }
        return true;
    }

    boolean hasPathOf(CachedFile other) {
        return hash == other.hash && Arrays.equals(path, other.path);
    }

    void release() {
        for (Representation one : representations) {
            if (one != null) one.release();
        }
    }

    static int hash(byte[] path) {
        int hash = 0;
        for (byte octet : path) hash = 31 * hash + octet;
        return spread(hash);
    }

    static int hash(long address, int length) {
        int hash = 0;
        for (int i = 0; i < length; i++) hash = 31 * hash + Memory.getByte(address + i);
        return spread(hash);
    }

    private static int spread(int hash) {
        return hash ^ hash >>> 16;
    }
}
