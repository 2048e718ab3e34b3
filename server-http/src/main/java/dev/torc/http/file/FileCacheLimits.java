package dev.torc.http.file;

import dev.torc.core.Limits;

import java.time.Duration;
import java.util.function.Consumer;

/// What a [FileHandler] keeps of the files that it has sent, on each shard.
///
/// @param staleness how long what is known of a file is taken for true before the file system is
///   asked again; zero asks for each request
/// @param filesMax files that are remembered; the one that was asked for longest ago goes first
/// @param absentMax names that are remembered to stand for no file
/// @param contentBytesMax content of small files, and of those that were compressed, that is kept
///   in memory, which is the shard's pool ([Limits#poolBytesMax()]); half of that is the most that
///   it takes
/// @param fileBytesMax how large a file may be to be kept in memory, and sent from there behind its
///   head; larger ones are kept open
/// @param openFilesMax files that are kept open
public record FileCacheLimits(
        Duration staleness,
        int filesMax,
        int absentMax,
        long contentBytesMax,
        int fileBytesMax,
        int openFilesMax) {
    private static final int COUNT_MAX = 1 << 24;
    private static final int FILE_BYTES_MAX = 1 << 20;
    private static final FileCacheLimits DEFAULTS = new Draft().limits();

    public FileCacheLimits {
        if (staleness.isNegative()) {
            throw new IllegalArgumentException("staleness must not be negative: " + staleness);
        }
        within("filesMax", filesMax, 1, COUNT_MAX);
        within("absentMax", absentMax, 1, COUNT_MAX);
        within("contentBytesMax", contentBytesMax, 0, Long.MAX_VALUE);
        within("fileBytesMax", fileBytesMax, 0, FILE_BYTES_MAX);
        within("openFilesMax", openFilesMax, 1, COUNT_MAX);
    }

    /// One second; 32,768 files and 4,096 names without one; 128 MiB in files of up to 32 KiB each;
    /// 1,024 open files.
    public static FileCacheLimits defaults() {
        return DEFAULTS;
    }

    public FileCacheLimits withStaleness(Duration duration) {
        return with(draft -> draft.staleness = duration);
    }

    public FileCacheLimits withFilesMax(int count) {
        return with(draft -> draft.filesMax = count);
    }

    public FileCacheLimits withAbsentMax(int count) {
        return with(draft -> draft.absentMax = count);
    }

    public FileCacheLimits withContentBytesMax(long bytes) {
        return with(draft -> draft.contentBytesMax = bytes);
    }

    public FileCacheLimits withFileBytesMax(int bytes) {
        return with(draft -> draft.fileBytesMax = bytes);
    }

    public FileCacheLimits withOpenFilesMax(int count) {
        return with(draft -> draft.openFilesMax = count);
    }

    private FileCacheLimits with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.limits();
    }

    private static void within(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " must be between " + min + " and " + max + ": " + name + "=" + value);
        }
    }

    /// The same, to be changed; at first the defaults.
    private static final class Draft {
        private Duration staleness = Duration.ofSeconds(1);
        private int filesMax = 32_768;
        private int absentMax = 4096;
        private long contentBytesMax = 128L << 20;
        private int fileBytesMax = 32 * 1024;
        private int openFilesMax = 1024;

        Draft() {}

        Draft(FileCacheLimits from) {
            staleness = from.staleness;
            filesMax = from.filesMax;
            absentMax = from.absentMax;
            contentBytesMax = from.contentBytesMax;
            fileBytesMax = from.fileBytesMax;
            openFilesMax = from.openFilesMax;
        }

        FileCacheLimits limits() {
            return new FileCacheLimits(
                    staleness, filesMax, absentMax, contentBytesMax, fileBytesMax, openFilesMax);
        }
    }
}
