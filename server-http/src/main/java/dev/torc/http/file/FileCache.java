package dev.torc.http.file;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// What a shard knows of the names below a root, bounded in every way: what was asked for longest
/// ago goes first. Finding allocates nothing; on the shard's thread.
///
/// A file that is being sent outlives its place here: each transfer has a reference to it.
final class FileCache {
    private static final int BUCKETS_MIN = 16;

    private final int entriesMax;
    private final long contentBytesMax;
    private final int openFilesMax;
    private @Nullable CachedFile[] buckets = new CachedFile[BUCKETS_MIN];
    private @Nullable CachedFile newest;
    private @Nullable CachedFile oldest;
    private int count;
    private long contentBytes;
    private int openFiles;

    FileCache(int entriesMax, long contentBytesMax, int openFilesMax) {
        this.entriesMax = entriesMax;
        this.contentBytesMax = contentBytesMax;
        this.openFilesMax = openFilesMax;
    }

    /// What is known of the path at `address`, if anything, and now is the newest.
    @Nullable CachedFile find(long address, int length) {
        CachedFile found = buckets[slot(CachedFile.hash(address, length))];
        while (found != null && !found.isAt(address, length)) found = found.next;
        if (found != null && found != newest) {
            unlink(found);
            link(found);
        }
        return found;
    }

    /// Like [#find(long, int)], but it does not become the newest.
    @Nullable CachedFile peek(byte[] path) {
        CachedFile known = buckets[slot(CachedFile.hash(path))];
        while (known != null && !Arrays.equals(known.path(), path)) known = known.next;
        return known;
    }

    /// Takes the place of what was known of the same path. With `added` alone over a bound, it is
    /// not kept; whoever has found it before may use it until the end of the call.
    void put(CachedFile added) {
        remove(added.path());
        int slot = slot(added.hash());
        added.next = buckets[slot];
        buckets[slot] = added;
        link(added);
        count++;
        contentBytes += added.contentBytes();
        openFiles += added.openFiles();
        if (count > buckets.length) grow();
        CachedFile last = oldest;
        while (last != null && isOver() && last != added) {
            remove(last);
            last = oldest;
        }
    }

    /// Forgets a path.
    void remove(byte[] path) {
        CachedFile known = peek(path);
        if (known != null) remove(known);
    }

    /// Lets go of half of the open files: there are none left to open others with.
    void closeHalf() {
        int wanted = openFiles / 2;
        CachedFile entry = oldest;
        while (entry != null && openFiles > wanted) {
            CachedFile newer = entry.newer;
            if (entry.openFiles() > 0) remove(entry);
            entry = newer;
        }
    }

    int count() {
        return count;
    }

    long contentBytes() {
        return contentBytes;
    }

    int openFiles() {
        return openFiles;
    }

    private boolean isOver() {
        return count > entriesMax || contentBytes > contentBytesMax || openFiles > openFilesMax;
    }

    private int slot(int hash) {
        return hash & buckets.length - 1;
    }

    private void remove(CachedFile removed) {
        int slot = slot(removed.hash());
        CachedFile before = buckets[slot];
        if (before == removed) {
            buckets[slot] = removed.next;
        } else {
            while (before != null && before.next != removed) before = before.next;
            if (before != null) before.next = removed.next;
        }
        unlink(removed);
        count--;
        contentBytes -= removed.contentBytes();
        openFiles -= removed.openFiles();
        removed.release();
    }

    private void grow() {
        @Nullable CachedFile[] larger = new CachedFile[2 * buckets.length];
        buckets = larger;
        for (CachedFile entry = oldest; entry != null; entry = entry.newer) {
            int slot = slot(entry.hash());
            entry.next = larger[slot];
            larger[slot] = entry;
        }
    }

    private void link(CachedFile entry) {
        entry.older = newest;
        entry.newer = null;
        if (newest != null) newest.newer = entry;
        newest = entry;
        if (oldest == null) oldest = entry;
    }

    private void unlink(CachedFile entry) {
        if (entry.older != null) entry.older.newer = entry.newer;
        if (entry.newer != null) entry.newer.older = entry.older;
        if (newest == entry) newest = entry.older;
        if (oldest == entry) oldest = entry.newer;
    }
}
