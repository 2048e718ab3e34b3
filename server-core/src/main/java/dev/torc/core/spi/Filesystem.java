package dev.torc.core.spi;

import dev.torc.core.Slice;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;

/// The file system as one shard reaches it: opens and reads files without ever making the shard
/// wait. Everything happens on the shard's thread, the answers too, but never before the call that
/// asked for them has returned.
///
/// So many opens, reads and checks are under way at once ([#CONCURRENT_MAX]), so many more wait for
/// their turn ([#WAITING_MAX]), and beyond that they are refused ([OpenResult#EXHAUSTED]).
public interface Filesystem {
    /// Opens and reads of a shard that are under way at once.
    int CONCURRENT_MAX = 32;

    /// Opens and reads of a shard that wait for their turn.
    int WAITING_MAX = 4096;

    /// Bytes of the longest path (`PATH_MAX` of Linux, which counts the NUL).
    int PATH_BYTES_MAX = 4095;

    /// The directory at `path`, below which files can be opened. It remains that one when another
    /// takes its name: call this again to follow. Unlike the others this call may wait for the
    /// disk, so make it at the start or seldom.
    ///
    /// @param followsLinks whether symbolic links are followed, below the directory only: one that
    ///   leads out of it is refused in any case
    /// @throws IOException when it is no directory that can be opened
    Directory directory(Path path, boolean followsLinks) throws IOException;

    /// Whether a link that ends below its directory is followed also by way of what is not: one to
    /// an absolute path, or that leaves the directory and comes back. Otherwise such a link is
    /// refused, as the kernel has it (`RESOLVE_BENEATH`). From any thread.
    default boolean followsDetours() {
        return false;
    }

    /// Opens the file whose path below `directory` is `path`, in UTF-8, and tells `handler`.
    ///
    /// @throws IllegalArgumentException when `path` is empty or has a NUL
    void open(Directory directory, byte[] path, OpenHandler handler);

    /// Reads `bytes` bytes of `file` from `position` on, fewer only if the file ends before, and
    /// appends them to `slice`, which the caller leaves alone until `handler` has been told.
    ///
    /// @throws IllegalArgumentException when they do not fit or a number is negative
    void read(OpenFile file, long position, Slice slice, int bytes, ReadHandler handler);

    /// Finds out whether `file` still is what it was when it was opened, by what an [OpenFile] says
    /// of it, and tells `handler`: so whoever has read it knows what state of it that was.
    void check(OpenFile file, CheckHandler handler);

    /// A directory below which files are opened. Opens under way end as if it were still there.
    interface Directory extends AutoCloseable {
        @Override
        void close();
    }

    /// Hears the end of an open.
    interface OpenHandler {
        /// `file` is there when `result` is [OpenResult#OPENED] and only then; the handler has its
        /// one reference.
        void onOpened(OpenResult result, @Nullable OpenFile file);
    }

    /// Hears the end of a read.
    interface ReadHandler {
        /// `bytes` were appended; -1 when the file cannot be read, which has been logged, or too
        /// much was under way.
        void onRead(int bytes);
    }

    /// Hears the end of a check.
    interface CheckHandler {
        /// Whether size, times and identity are the same; not when that cannot be found out, or too
        /// much was under way.
        void onChecked(boolean same);
    }

    /// How an open has ended.
    enum OpenResult {
        OPENED,
        /// There is nothing of that name, or a part of the path is no directory.
        NOT_FOUND,
        /// Not permitted, or the path leads out of its directory.
        FORBIDDEN,
        /// A directory.
        DIRECTORY,
        /// A device, a FIFO or a socket. None of them was read from or waited for.
        SPECIAL,
        /// A symbolic link that may not be followed, or too many of them.
        LINK,
        /// No descriptor or no memory is left, or too many opens are waiting: a passing condition.
        EXHAUSTED,
        /// Another error, which has been logged.
        FAILED
    }
}
