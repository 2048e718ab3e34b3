package dev.torc.http.log;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;

/// How requests are logged: see [AccessLog].
///
/// @param format of each line
/// @param file which they are appended to; null for standard output
/// @param sample one in so many requests is logged, 1 to 1,000,000; those that failed (a status
///   from 400 on, or no whole answer) always are
/// @param fileBytesMax a file of this size is rotated; 64 KiB to 1 TiB, or 0 for never
/// @param fileTimeMax a file is rotated at each multiple of this time since midnight UTC (1970); 1
///   minute to 366 days, or zero for never
/// @param filesMax files that have been rotated and are kept, `FILE.1` being the latest; 0 to 1000
/// @param bufferBytes memory of each shard for lines that are not written yet: a power of two, 16
///   KiB to 64 MiB. What does not fit is dropped and counted
public record AccessLogConfig(
        LogFormat format,
        @Nullable Path file,
        int sample,
        long fileBytesMax,
        Duration fileTimeMax,
        int filesMax,
        int bufferBytes) {

    private static final int SAMPLE_MAX = 1_000_000;
    private static final long FILE_BYTES_MIN = 1 << 16;
    private static final long FILE_BYTES_MAX = 1L << 40;
    private static final Duration FILE_TIME_MIN = Duration.ofMinutes(1);
    private static final Duration FILE_TIME_MAX = Duration.ofDays(366);
    private static final int FILES_MAX = 1000;
    private static final int BUFFER_BYTES_MIN = 1 << 14;
    private static final int BUFFER_BYTES_MAX = 1 << 26;
    private static final AccessLogConfig DEFAULTS =
            new AccessLogConfig(LogFormat.COMBINED, null, 1, 100 << 20, Duration.ZERO, 10, 1 << 20);

    public AccessLogConfig {
        within("sample", sample, 1, SAMPLE_MAX);
        if (fileBytesMax != 0) {
            within("fileBytesMax", fileBytesMax, FILE_BYTES_MIN, FILE_BYTES_MAX);
        }
        boolean some = fileTimeMax.compareTo(FILE_TIME_MIN) >= 0;
        if (!fileTimeMax.isZero() && (!some || fileTimeMax.compareTo(FILE_TIME_MAX) > 0)) {
            throw new IllegalArgumentException(
                    "fileTimeMax must be a minute to 366 days, or zero for never: fileTimeMax="
                            + fileTimeMax);
        }
        within("filesMax", filesMax, 0, FILES_MAX);
        within("bufferBytes", bufferBytes, BUFFER_BYTES_MIN, BUFFER_BYTES_MAX);
        if (Integer.bitCount(bufferBytes) != 1) {
            throw new IllegalArgumentException(
                    "bufferBytes must be a power of two: bufferBytes=" + bufferBytes);
        }
    }

    /// Combined lines of every request on standard output; a file is rotated at 100 MiB and 10
    /// older ones are kept.
    public static AccessLogConfig defaults() {
        return DEFAULTS;
    }

    public AccessLogConfig withFormat(LogFormat newFormat) {
        return new AccessLogConfig(
                newFormat, file, sample, fileBytesMax, fileTimeMax, filesMax, bufferBytes);
    }

    public AccessLogConfig withFile(@Nullable Path newFile) {
        return new AccessLogConfig(
                format, newFile, sample, fileBytesMax, fileTimeMax, filesMax, bufferBytes);
    }

    public AccessLogConfig withSample(int oneIn) {
        return new AccessLogConfig(
                format, file, oneIn, fileBytesMax, fileTimeMax, filesMax, bufferBytes);
    }

    public AccessLogConfig withFileBytesMax(long bytes) {
        return new AccessLogConfig(format, file, sample, bytes, fileTimeMax, filesMax, bufferBytes);
    }

    public AccessLogConfig withFileTimeMax(Duration time) {
        return new AccessLogConfig(format, file, sample, fileBytesMax, time, filesMax, bufferBytes);
    }

    public AccessLogConfig withFilesMax(int count) {
        return new AccessLogConfig(
                format, file, sample, fileBytesMax, fileTimeMax, count, bufferBytes);
    }

    public AccessLogConfig withBufferBytes(int bytes) {
        return new AccessLogConfig(
                format, file, sample, fileBytesMax, fileTimeMax, filesMax, bytes);
    }

    private static void within(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " must be " + min + " to " + max + ": " + name + "=" + value);
        }
    }
}
