package dev.torc.testkit.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.OpenHow;
import dev.torc.uring.abi.StatxBuf;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.Linux;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/// Files of a simulated machine: those of the machine that the simulation runs on, to be read.
final class HostFiles {
    private static final int PERMISSIONS = 0444;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private HostFiles() {}

    /// What is behind a descriptor; only a regular file has a channel.
    record HostFile(Path path, BasicFileAttributes attributes, @Nullable FileChannel channel) {}

    /// Opens what `path` names, for `openat(2)`; a file, or `-errno` in `failure[0]`.
    static @Nullable HostFile open(Path path, int[] failure) {
        try {
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            FileChannel channel =
                    found.isRegularFile() ? FileChannel.open(path, StandardOpenOption.READ) : null;
            return new HostFile(path, found, channel);
        } catch (IOException refused) {
            failure[0] = errno(refused);
            return null;
        }
    }

    /// `openat2(2)` with `RESOLVE_BENEATH`, as `op` asks for it.
    static @Nullable HostFile openBeneath(Path root, Op op, int[] failure) {
        boolean links = (Memory.getLong(op.off + OpenHow.RESOLVE) & Linux.RESOLVE_NO_SYMLINKS) == 0;
        try {
            Path top = root.toRealPath();
            Path path = top.resolve(text(op.addr));
            if (!path.normalize().startsWith(top)) throw new AccessDeniedException("beneath");
            Path real = path.toRealPath();
            if (!links && !real.equals(path.toRealPath(LinkOption.NOFOLLOW_LINKS))) {
                failure[0] = -Errno.ELOOP;
                return null;
            }
            if (!real.startsWith(top)) throw new AccessDeniedException("beneath");
            return open(real, failure);
        } catch (IOException refused) {
            failure[0] = errno(refused);
            return null;
        }
    }

    /// `pread(2)`: bytes, 0 at the end, or `-errno`.
    static int read(HostFile file, long position, long address, int bytes) {
        FileChannel channel = file.channel();
        if (channel == null) return -Errno.EINVAL;
        try {
            return Math.max(0, channel.read(Memory.asByteBuffer(address, bytes), position));
        } catch (IOException failure) {
            return errno(failure);
        }
    }

    /// `statx(2)`, of what is needed. A file that was deleted is as it was opened.
    static int statx(HostFile file, long result) {
        BasicFileAttributes found = now(file);
        long nanos = found.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        int kind = found.isRegularFile() ? Linux.S_IFREG : Linux.S_IFCHR;
        if (found.isDirectory()) kind = Linux.S_IFDIR;
        Memory.fill(result, StatxBuf.BYTES, (byte) 0);
        Memory.putShort(result + StatxBuf.MODE, (short) (kind | PERMISSIONS));
        Memory.putLong(result + StatxBuf.SIZE, found.size());
        Memory.putLong(result + StatxBuf.INO, file.path().hashCode());
        putTime(nanos, result + StatxBuf.MTIME);
        putTime(nanos, result + StatxBuf.CTIME);
        return 0;
    }

    private static BasicFileAttributes now(HostFile file) {
        try {
            return Files.readAttributes(file.path(), BasicFileAttributes.class);
        } catch (IOException gone) {
            return file.attributes();
        }
    }

    private static void putTime(long nanos, long timestamp) {
        Memory.putLong(timestamp + StatxBuf.TV_SEC, Math.floorDiv(nanos, NANOS_PER_SECOND));
        Memory.putInt(timestamp + StatxBuf.TV_NSEC, (int) Math.floorMod(nanos, NANOS_PER_SECOND));
    }

    static void close(HostFile file) {
        try {
            if (file.channel() != null) file.channel().close();
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    /// The NUL-terminated text at `address`.
    static String text(long address) {
        int length = 0;
        while (Memory.getByte(address + length) != 0) length++;
        byte[] bytes = new byte[length];
        Memory.copy(address, bytes, 0, length);
        return new String(bytes, UTF_8);
    }

    private static int errno(IOException failure) {
        if (failure instanceof NoSuchFileException) return -Errno.ENOENT;
        if (failure instanceof AccessDeniedException) return -Errno.EACCES;
        String text = String.valueOf(failure.getMessage());
        if (text.contains("Not a directory")) return -Errno.ENOTDIR;
        if (text.contains("symbolic links")) return -Errno.ELOOP;
        return text.contains("too long") ? -Errno.ENAMETOOLONG : -Errno.EIO;
    }
}
