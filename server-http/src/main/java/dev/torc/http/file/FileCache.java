package dev.torc.http.file;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// What a shard knows of the names below a root, bounded in every way: what was asked for longest
/// ago goes first, and where there are only too many open files, of those that have any: a few
/// large files do not take the place of thousands of small ones. Finding allocates nothing; on the
/// shard's thread.
///
/// A file that is being sent outlives its place here: each transfer has a reference to it.
final class FileCache {
    private static final int BUCKETS_MIN = 16;

    private final int entriesMax;
    private final long contentBytesMax;
    private final int openFilesMax;
    private @Nullable CachedFile[] buckets = new CachedFile[BUCKETS_MIN];
    private final ByUse open = new ByUse();
    private final ByUse others = new ByUse();
    private long uses;
    private int count;
    private long contentBytes;
    private int openFiles;

    FileCache(int entriesMax, long contentBytesMax, int openFilesMax) {
        this.entriesMax = entriesMax;
        this.contentBytesMax = contentBytesMax;
        this.openFilesMax = openFilesMax;
    }

    /// Entries from that which was asked for longest ago on: those with open files, or the others.
    private static final class ByUse {
        @Nullable CachedFile newest;
        @Nullable CachedFile oldest;

        void link(CachedFile entry) {
            entry.older = newest;
            entry.newer = null;
            if (newest != null) newest.newer = entry;
            newest = entry;
            if (oldest == null) oldest = entry;
        }

        void unlink(CachedFile entry) {
            if (entry.older != null) entry.older.newer = entry.newer;
            if (entry.newer != null) entry.newer.older = entry.older;
            if (newest == entry) newest = entry.older;
            if (oldest == entry) oldest = entry.newer;
        }
    }

    /// What is known of the path at `address`, if anything, and now is the newest.
    @Nullable CachedFile find(long address, int length) {
        CachedFile found = buckets[slot(CachedFile.hash(address, length))];
        while (found != null && !found.isAt(address, length)) found = found.next;
        if (found != null) use(found);
        return found;
    }

    private void use(CachedFile found) {
        found.used = ++uses;
        ByUse order = order(found);
        if (found == order.newest) return;
        order.unlink(found);
        order.link(found);
    }

    /// Like [#find(long, int)], but it does not become the newest.
    @Nullable CachedFile peek(byte[] path) {
        CachedFile known = buckets[slot(CachedFile.hash(path))];
        while (known != null && !Arrays.equals(known.path(), path)) known = known.next;
        return known;
    }

    /// Takes the place of what was known of the same path, and of what there is no room for any
    /// more; it is kept itself, even if it alone is over a bound.
    void put(CachedFile added) {
        remove(added.path());
        enter(added);
        added.used = ++uses;
        order(added).link(added);
        count++;
        contentBytes += added.contentBytes();
        openFiles += added.openFiles();
        if (count > buckets.length) grow();
        CachedFile last = last();
        while (last != null && last != added) {
            remove(last);
            last = last();
        }
    }

    /// What has to go; null: all is within the bounds.
    private @Nullable CachedFile last() {
        CachedFile opened = open.oldest;
        CachedFile other = others.oldest;
        if (count > entriesMax || contentBytes > contentBytesMax) {
            if (opened == null || other == null) return opened == null ? other : opened;
            return opened.used < other.used ? opened : other;
        }
        return openFiles > openFilesMax ? opened : null;
    }

    /// Forgets a path.
    void remove(byte[] path) {
        CachedFile known = peek(path);
        if (known != null) remove(known);
    }

    /// Lets go of half of the open files: there are none left to open others with.
    void closeHalf() {
        int wanted = openFiles / 2;
        CachedFile last = open.oldest;
        while (last != null && openFiles > wanted) {
            remove(last);
            last = open.oldest;
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

    private ByUse order(CachedFile entry) {
        return entry.openFiles() > 0 ? open : others;
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
        order(removed).unlink(removed);
        count--;
        contentBytes -= removed.contentBytes();
        openFiles -= removed.openFiles();
        removed.release();
    }

    private void grow() {
        buckets = new CachedFile[2 * buckets.length];
        for (CachedFile at = open.oldest; at != null; at = at.newer) enter(at);
        for (CachedFile at = others.oldest; at != null; at = at.newer) enter(at);
    }

    private void enter(CachedFile entry) {
        int slot = slot(entry.hash());
        entry.next = buckets[slot];
        buckets[slot] = entry;
    }
}
