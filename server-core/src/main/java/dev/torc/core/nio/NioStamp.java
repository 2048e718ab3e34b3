package dev.torc.core.nio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What the JDK says of one state of a file: as [dev.torc.core.spi.OpenFile] does, and the same for
/// two of the same state.
record NioStamp(long size, long modifiedNanos, long changedNanos, long inode, long device) {
    private static final String VIEW = "unix";
    private static final String ATTRIBUTES = VIEW + ":size,lastModifiedTime,ctime,ino,dev";

    /// Of the file that has this name now, which is no link. Blocks.
    static NioStamp of(Path real) throws IOException {
        if (!real.getFileSystem().supportedFileAttributeViews().contains(VIEW)) {
            BasicFileAttributes found =
                    Files.readAttributes(
                            real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            long modifiedNanos = found.lastModifiedTime().to(TimeUnit.NANOSECONDS);
            return new NioStamp(found.size(), modifiedNanos, modifiedNanos, 0, 0);
        }
        Map<String, Object> found =
                Files.readAttributes(real, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        return new NioStamp(
                number(found, "size"),
                nanos(found, "lastModifiedTime"),
                nanos(found, "ctime"),
                number(found, "ino"),
                number(found, "dev"));
    }

    NioStamp withSize(long bytes) {
        return new NioStamp(bytes, modifiedNanos, changedNanos, inode, device);
    }

    private static long number(Map<String, Object> found, String name) {
        return found.get(name) instanceof Long number ? number : 0;
    }

    private static long nanos(Map<String, Object> found, String name) {
        return found.get(name) instanceof FileTime time ? time.to(TimeUnit.NANOSECONDS) : 0;
    }
}
