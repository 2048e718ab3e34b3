package dev.torc.standalone.config;

import dev.torc.http.file.FileCacheLimits;

import java.time.Duration;

/// What a shard keeps of the files that it has sent: [FileCacheLimits].
public final class FileCacheSettings {
    public static final Group GROUP = new Group("file-cache.", "Cache of files, for each shard");

    private static final FileCacheLimits DEFAULTS = FileCacheLimits.defaults();
    private static final long COUNT_MAX = 1 << 24;

    static final Setting<Duration> STALENESS =
            GROUP.add(
                    "staleness",
                    new Time(Duration.ZERO, Duration.ofDays(1), true),
                    DEFAULTS.staleness(),
                    "How long what is known of a file is taken for true; 0 asks the file system for"
                            + " each request.");

    static final Setting<Long> FILES_MAX =
            GROUP.add(
                    "files-max",
                    Amount.count(1, COUNT_MAX),
                    (long) DEFAULTS.filesMax(),
                    "Files that are remembered.");

    static final Setting<Long> ABSENT_MAX =
            GROUP.add(
                    "absent-max",
                    Amount.count(1, COUNT_MAX),
                    (long) DEFAULTS.absentMax(),
                    "Names that are remembered to stand for no file.");

    static final Setting<Long> CONTENT_BYTES_MAX =
            GROUP.add(
                    "content-bytes-max",
                    Amount.bytes(0, 1L << 40),
                    DEFAULTS.contentBytesMax(),
                    "Content that is kept in memory, at most half of limits.pool-bytes-max.");

    static final Setting<Long> FILE_BYTES_MAX =
            GROUP.add(
                    "file-bytes-max",
                    Amount.bytes(0, 1 << 20),
                    (long) DEFAULTS.fileBytesMax(),
                    "How large a file may be to be kept in memory; larger ones are kept open.");

    static final Setting<Long> OPEN_FILES_MAX =
            GROUP.add(
                    "open-files-max",
                    Amount.count(1, COUNT_MAX),
                    (long) DEFAULTS.openFilesMax(),
                    "Files that are kept open.");

    private FileCacheSettings() {}

    static FileCacheLimits limits(Settings settings) {
        return GROUP.checked(
                settings,
                () ->
                        new FileCacheLimits(
                                settings.of(STALENESS),
                                settings.intOf(FILES_MAX),
                                settings.intOf(ABSENT_MAX),
                                settings.of(CONTENT_BYTES_MAX),
                                settings.intOf(FILE_BYTES_MAX),
                                settings.intOf(OPEN_FILES_MAX)));
    }
}
