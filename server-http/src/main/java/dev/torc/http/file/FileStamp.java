package dev.torc.http.file;

/// What the file system says of one state of a file (statx(2)). The kernel's clock advances in
/// ticks of 1 to 10 ms, before Linux 6.13 also for those who have looked in between: two changes
/// within one tick have one time.
///
/// @param modifiedSeconds mtime, which programs can set: seconds since 1970, may be negative
/// @param changedSeconds ctime, which only the kernel sets, with each change of content or inode;
///   mtime again where there is none
record FileStamp(
        long inode,
        long sizeBytes,
        long modifiedSeconds,
        int modifiedNanos,
        long changedSeconds,
        int changedNanos) {

    /// Nothing that was written within so many seconds is taken for final: the coarsest file
    /// systems in use (FAT) count in twos.
    static final int REST_SECONDS = 2;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /// The state of something else that was made of this.
    FileStamp withSizeBytes(long bytes) {
        return new FileStamp(
                inode, bytes, modifiedSeconds, modifiedNanos, changedSeconds, changedNanos);
    }

    /// With times in nanoseconds since 1970.
    static FileStamp ofNanos(long inode, long sizeBytes, long modifiedNanos, long changedNanos) {
        return new FileStamp(
                inode,
                sizeBytes,
                seconds(modifiedNanos),
                (int) Math.floorMod(modifiedNanos, NANOS_PER_SECOND),
                seconds(changedNanos),
                (int) Math.floorMod(changedNanos, NANOS_PER_SECOND));
    }

    /// The whole seconds of a time in nanoseconds since 1970, which may be negative.
    static long seconds(long nanos) {
        return Math.floorDiv(nanos, NANOS_PER_SECOND);
    }

    /// Whether the file may have changed, or change yet, without its times telling.
    boolean isInMotion(long nowEpochSeconds) {
        long rested = nowEpochSeconds - REST_SECONDS;
        boolean modified = modifiedSeconds >= rested && modifiedSeconds <= nowEpochSeconds;
        return modified || changedSeconds >= rested;
    }
}
