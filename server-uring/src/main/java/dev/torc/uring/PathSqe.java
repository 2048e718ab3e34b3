package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IORING_FILE_INDEX_ALLOC;
import static dev.torc.uring.constants.IoUring.IORING_OP_FGETXATTR;
import static dev.torc.uring.constants.IoUring.IORING_OP_FSETXATTR;
import static dev.torc.uring.constants.IoUring.IORING_OP_GETXATTR;
import static dev.torc.uring.constants.IoUring.IORING_OP_LINKAT;
import static dev.torc.uring.constants.IoUring.IORING_OP_MKDIRAT;
import static dev.torc.uring.constants.IoUring.IORING_OP_OPENAT;
import static dev.torc.uring.constants.IoUring.IORING_OP_OPENAT2;
import static dev.torc.uring.constants.IoUring.IORING_OP_RENAMEAT;
import static dev.torc.uring.constants.IoUring.IORING_OP_SETXATTR;
import static dev.torc.uring.constants.IoUring.IORING_OP_STATX;
import static dev.torc.uring.constants.IoUring.IORING_OP_SYMLINKAT;
import static dev.torc.uring.constants.IoUring.IORING_OP_UNLINKAT;
import static dev.torc.uring.constants.Linux.AT_FDCWD;

import dev.torc.uring.abi.OpenHow;

/// Operations on files by their path.
///
/// A path is a text ([IoMemory#ofString]). A relative one begins at the directory `dirFd`, or where
/// the process is when that is `AT_FDCWD`; forms without `dirFd` mean the latter. `dirFd` is a
/// regular descriptor: with `IOSQE_FIXED_FILE` these operations end with `-EBADF`.
abstract sealed class PathSqe extends FileSqe permits SocketSqe {
    PathSqe(Ring ring, Support support, Leases leases) {
        super(ring, support, leases);
    }

    // ---- opening

    /// Opens a file; the completion carries its descriptor: `openat(2)`. `flags` are `O_` bits;
    /// `mode` is what a new file gets, less the umask. Since 5.6.
    public final Sqe prepareOpenat(int dirFd, IoMemory path, int flags, int mode, long userData) {
        long addr = path.textAddress();
        return prepare(IORING_OP_OPENAT, dirFd, addr, mode, 0, userData, path).opFlags(flags);
    }

    /// [#prepareOpenat] from where the process is. Since 5.6.
    public final Sqe prepareOpen(IoMemory path, int flags, int mode, long userData) {
        return prepareOpenat(AT_FDCWD, path, flags, mode, userData);
    }

    /// Opens a file as the direct descriptor `slot`, and closes what was there; completes with 0.
    /// `O_CLOEXEC` is refused. Since 5.15.
    public final Sqe prepareOpenatDirect(
            int dirFd, IoMemory path, int flags, int mode, int slot, long userData) {
        int index = directIndex(slot);
        return prepareOpenat(dirFd, path, flags, mode, userData).fileIndex(index);
    }

    /// [#prepareOpenatDirect] from where the process is. Since 5.15.
    public final Sqe prepareOpenDirect(
            IoMemory path, int flags, int mode, int slot, long userData) {
        return prepareOpenatDirect(AT_FDCWD, path, flags, mode, slot, userData);
    }

    /// Opens a file as a direct descriptor that the kernel picks; the completion carries it, or
    /// `-ENFILE` when there is no free one. `O_CLOEXEC` is refused. Since 5.19.
    public final Sqe prepareOpenatDirectAlloc(
            int dirFd, IoMemory path, int flags, int mode, long userData) {
        int index = allocatedIndex();
        return prepareOpenat(dirFd, path, flags, mode, userData).fileIndex(index);
    }

    /// [#prepareOpenatDirectAlloc] from where the process is. Since 5.19.
    public final Sqe prepareOpenDirectAlloc(IoMemory path, int flags, int mode, long userData) {
        return prepareOpenatDirectAlloc(AT_FDCWD, path, flags, mode, userData);
    }

    /// [#prepareOpenat], strictly: `openat2(2)`. `resolve` are `RESOLVE_` bits: where the path may
    /// lead to. Unknown bits, and a `mode` without a file to make, are refused with `-EINVAL`.
    /// Since 5.6.
    public final Sqe prepareOpenat2(
            int dirFd, IoMemory path, long flags, int mode, long resolve, long userData) {
        long addr = path.textAddress();
        long how = scratch();
        OpenHow.put(how, flags, mode, resolve);
        return prepare(IORING_OP_OPENAT2, dirFd, addr, OpenHow.BYTES, how, userData, path);
    }

    /// [#prepareOpenat2] as the direct descriptor `slot`, closing what was there; completes with 0.
    /// `O_CLOEXEC` is refused. Since 5.15.
    public final Sqe prepareOpenat2Direct(
            int dirFd, IoMemory path, long flags, int mode, long resolve, int slot, long userData) {
        int index = directIndex(slot);
        return prepareOpenat2(dirFd, path, flags, mode, resolve, userData).fileIndex(index);
    }

    /// [#prepareOpenat2] as a direct descriptor that the kernel picks; the completion carries it,
    /// or `-ENFILE` when there is no free one. `O_CLOEXEC` is refused. Since 5.19.
    public final Sqe prepareOpenat2DirectAlloc(
            int dirFd, IoMemory path, long flags, int mode, long resolve, long userData) {
        int index = allocatedIndex();
        return prepareOpenat2(dirFd, path, flags, mode, resolve, userData).fileIndex(index);
    }

    // ---- asking

    /// Has `result` filled in with what is known of a file: `statx(2)`. `mask` are `STATX_` bits of
    /// what is wanted, `flags` are `AT_` bits; with `AT_EMPTY_PATH` and an empty path the file is
    /// `dirFd` itself. A kernel thread does it. Since 5.6.
    public final Sqe prepareStatx(
            int dirFd, IoMemory path, int flags, int mask, Statx result, long userData) {
        long addr = path.textAddress();
        long off = result.address();
        return prepare(IORING_OP_STATX, dirFd, addr, mask, off, userData, path, result, null)
                .opFlags(flags);
    }

    // ---- changing directories

    /// Renames or moves a file: `renameat2(2)`. `flags` are `RENAME_` bits; without any, what has
    /// the new name is replaced. A kernel thread does it. Since 5.11.
    public final Sqe prepareRenameat(
            int oldDirFd,
            IoMemory oldPath,
            int newDirFd,
            IoMemory newPath,
            int flags,
            long userData) {
        return pair(IORING_OP_RENAMEAT, oldDirFd, oldPath, newDirFd, newPath, userData)
                .opFlags(flags);
    }

    /// [#prepareRenameat] from where the process is, without flags. Since 5.11.
    public final Sqe prepareRename(IoMemory oldPath, IoMemory newPath, long userData) {
        return prepareRenameat(AT_FDCWD, oldPath, AT_FDCWD, newPath, 0, userData);
    }

    /// Removes a name and, when it was the last, the file; with `AT_REMOVEDIR` in `flags`, an empty
    /// directory: `unlinkat(2)`. A kernel thread does it. Since 5.11.
    public final Sqe prepareUnlinkat(int dirFd, IoMemory path, int flags, long userData) {
        long addr = path.textAddress();
        return prepare(IORING_OP_UNLINKAT, dirFd, addr, 0, 0, userData, path).opFlags(flags);
    }

    /// [#prepareUnlinkat] from where the process is. Since 5.11.
    public final Sqe prepareUnlink(IoMemory path, int flags, long userData) {
        return prepareUnlinkat(AT_FDCWD, path, flags, userData);
    }

    /// Makes a directory with the permissions `mode`, less the umask: `mkdirat(2)`. A kernel thread
    /// does it. Since 5.15.
    public final Sqe prepareMkdirat(int dirFd, IoMemory path, int mode, long userData) {
        return prepare(IORING_OP_MKDIRAT, dirFd, path.textAddress(), mode, 0, userData, path);
    }

    /// [#prepareMkdirat] from where the process is. Since 5.15.
    public final Sqe prepareMkdir(IoMemory path, int mode, long userData) {
        return prepareMkdirat(AT_FDCWD, path, mode, userData);
    }

    /// Makes the symbolic link `linkPath`, whose text is `target`: `symlinkat(2)`. A kernel thread
    /// does it. Since 5.15.
    public final Sqe prepareSymlinkat(
            IoMemory target, int dirFd, IoMemory linkPath, long userData) {
        return pair(IORING_OP_SYMLINKAT, dirFd, target, 0, linkPath, userData);
    }

    /// [#prepareSymlinkat] from where the process is. Since 5.15.
    public final Sqe prepareSymlink(IoMemory target, IoMemory linkPath, long userData) {
        return prepareSymlinkat(target, AT_FDCWD, linkPath, userData);
    }

    /// Gives a file another name: `linkat(2)`. `flags` are `AT_SYMLINK_FOLLOW` and `AT_EMPTY_PATH`.
    /// A kernel thread does it. Since 5.15.
    public final Sqe prepareLinkat(
            int oldDirFd,
            IoMemory oldPath,
            int newDirFd,
            IoMemory newPath,
            int flags,
            long userData) {
        return pair(IORING_OP_LINKAT, oldDirFd, oldPath, newDirFd, newPath, userData)
                .opFlags(flags);
    }

    /// [#prepareLinkat] from where the process is. Since 5.15.
    public final Sqe prepareLink(IoMemory oldPath, IoMemory newPath, int flags, long userData) {
        return prepareLinkat(AT_FDCWD, oldPath, AT_FDCWD, newPath, flags, userData);
    }

    // ---- extended attributes

    /// Sets the attribute `name` of an open file to `bytes` of `value`: `fsetxattr(2)`. `flags` are
    /// `XATTR_CREATE` (only if it is new), `XATTR_REPLACE` (only if it is not), or 0. A kernel
    /// thread does it. Since 5.19.
    public final Sqe prepareFsetxattr(
            int fd,
            IoMemory name,
            IoMemory value,
            long offset,
            int bytes,
            int flags,
            long userData) {
        long addr = name.textAddress();
        long off = value.address(offset, bytes);
        return prepare(IORING_OP_FSETXATTR, fd, addr, bytes, off, userData, name, value, null)
                .opFlags(flags);
    }

    /// [#prepareFsetxattr] by path, from where the process is: `setxattr(2)`. Since 5.19.
    public final Sqe prepareSetxattr(
            IoMemory path,
            IoMemory name,
            IoMemory value,
            long offset,
            int bytes,
            int flags,
            long userData) {
        long file = path.textAddress();
        long addr = name.textAddress();
        long off = value.address(offset, bytes);
        return prepare(IORING_OP_SETXATTR, 0, addr, bytes, off, userData, name, value, path)
                .addr3(file)
                .opFlags(flags);
    }

    /// Reads the attribute `name` of an open file into `bytes` of `value`: `fgetxattr(2)`. The
    /// completion carries its size: of 0 bytes nothing is written, and that is what it needs. Too
    /// few are refused with `-ERANGE`. A kernel thread does it. Since 5.19.
    public final Sqe prepareFgetxattr(
            int fd, IoMemory name, IoMemory value, long offset, int bytes, long userData) {
        long addr = name.textAddress();
        long off = value.address(offset, bytes);
        return prepare(IORING_OP_FGETXATTR, fd, addr, bytes, off, userData, name, value, null);
    }

    /// [#prepareFgetxattr] by path, from where the process is: `getxattr(2)`. Since 5.19.
    public final Sqe prepareGetxattr(
            IoMemory path, IoMemory name, IoMemory value, long offset, int bytes, long userData) {
        long file = path.textAddress();
        long addr = name.textAddress();
        long off = value.address(offset, bytes);
        return prepare(IORING_OP_GETXATTR, 0, addr, bytes, off, userData, name, value, path)
                .addr3(file);
    }

    private Sqe pair(
            int opcode, int fd, IoMemory from, int otherFd, IoMemory other, long userData) {
        long addr = from.textAddress();
        long off = other.textAddress();
        return prepare(opcode, fd, addr, otherFd, off, userData, from, other, null);
    }

    private int directIndex(int slot) {
        require(true, "opening a direct descriptor", 5, 15);
        return Arguments.fileIndex(slot);
    }

    private int allocatedIndex() {
        require(true, "IORING_FILE_INDEX_ALLOC", 5, 19);
        return IORING_FILE_INDEX_ALLOC;
    }
}
