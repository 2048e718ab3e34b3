package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IORING_ACCEPT_MULTISHOT;
import static dev.torc.uring.constants.IoUring.IORING_FILE_INDEX_ALLOC;
import static dev.torc.uring.constants.IoUring.IORING_OP_ACCEPT;
import static dev.torc.uring.constants.IoUring.IORING_OP_BIND;
import static dev.torc.uring.constants.IoUring.IORING_OP_CONNECT;
import static dev.torc.uring.constants.IoUring.IORING_OP_LISTEN;
import static dev.torc.uring.constants.IoUring.IORING_OP_SHUTDOWN;
import static dev.torc.uring.constants.IoUring.IORING_OP_SOCKET;

import dev.torc.uring.abi.SockAddr;

import java.net.SocketAddress;

/// Operations that make sockets, connect and end them. Addresses are `InetSocketAddress` or, as a
/// path, `UnixDomainSocketAddress`; they are copied.
abstract sealed class SocketSqe extends PathSqe permits TransferSqe {
    SocketSqe(Ring ring, Support support, Leases leases) {
        super(ring, support, leases);
    }

    // ---- sockets

    /// Opens a socket, whose descriptor the completion carries: `socket(2)`. Since 5.19.
    public final Sqe prepareSocket(int domain, int type, int protocol, long userData) {
        return prepare(IORING_OP_SOCKET, domain, 0, protocol, type, userData);
    }

    /// Opens a socket as the direct descriptor `slot`, replacing what is there; completes with 0.
    /// `SOCK_CLOEXEC` is refused (`-EINVAL`). Since 5.19.
    public final Sqe prepareSocketDirect(
            int domain, int type, int protocol, int slot, long userData) {
        int fileIndex = Arguments.fileIndex(slot);
        return prepareSocket(domain, type, protocol, userData).fileIndex(fileIndex);
    }

    /// Opens a socket as a direct descriptor that the kernel picks; the completion carries it, or
    /// `-ENFILE` when none is free. Since 5.19.
    public final Sqe prepareSocketDirectAlloc(int domain, int type, int protocol, long userData) {
        return prepareSocket(domain, type, protocol, userData).fileIndex(IORING_FILE_INDEX_ALLOC);
    }

    /// Gives a socket its address: `bind(2)`. Since 6.11.
    ///
    /// @throws IllegalArgumentException when `address` is unresolved, or its path too long
    public final Sqe prepareBind(int fd, SocketAddress address, long userData) {
        long name = scratch();
        int bytes = SockAddr.put(name, address);
        return prepare(IORING_OP_BIND, fd, name, 0, bytes, userData);
    }

    /// Lets a socket accept connections: `listen(2)`. Since 6.11.
    public final Sqe prepareListen(int fd, int backlog, long userData) {
        return prepare(IORING_OP_LISTEN, fd, 0, backlog, 0, userData);
    }

    /// Connects a socket: `connect(2)`. Since 5.5.
    ///
    /// @throws IllegalArgumentException when `address` is unresolved, or its path too long
    public final Sqe prepareConnect(int fd, SocketAddress address, long userData) {
        long name = scratch();
        int bytes = SockAddr.put(name, address);
        return prepare(IORING_OP_CONNECT, fd, name, 0, bytes, userData);
    }

    /// Ends one or both directions: `shutdown(2)`. A kernel thread does it. Since 5.11.
    public final Sqe prepareShutdown(int fd, int how, long userData) {
        return prepare(IORING_OP_SHUTDOWN, fd, 0, how, 0, userData);
    }

    // ---- connections

    /// Accepts one connection, whose descriptor the completion carries: `accept4(2)`. `flags` are
    /// `SOCK_NONBLOCK` and `SOCK_CLOEXEC`. Since 5.5.
    public final Sqe prepareAccept(int fd, int flags, long userData) {
        return prepare(IORING_OP_ACCEPT, fd, 0, 0, 0, userData).opFlags(flags);
    }

    /// [#prepareAccept(int, int, long)], with the address of the peer in `peer`.
    public final Sqe prepareAccept(int fd, SocketAddressBuffer peer, int flags, long userData) {
        peer.clear();
        long name = peer.storageAddress();
        long length = peer.lengthAddress();
        return prepare(IORING_OP_ACCEPT, fd, name, 0, length, userData, peer).opFlags(flags);
    }

    /// Accepts one connection as the direct descriptor `slot`, replacing what is there; completes
    /// with 0. `SOCK_CLOEXEC` is refused (`-EINVAL`). Since 5.15.
    public final Sqe prepareAcceptDirect(int fd, int flags, int slot, long userData) {
        int fileIndex = Arguments.fileIndex(slot);
        require(true, "an accept as a direct descriptor", 5, 15);
        return prepareAccept(fd, flags, userData).fileIndex(fileIndex);
    }

    /// [#prepareAcceptDirect(int, int, int, long)], with the address of the peer in `peer`.
    public final Sqe prepareAcceptDirect(
            int fd, SocketAddressBuffer peer, int flags, int slot, long userData) {
        int fileIndex = Arguments.fileIndex(slot);
        require(true, "an accept as a direct descriptor", 5, 15);
        return prepareAccept(fd, peer, flags, userData).fileIndex(fileIndex);
    }

    /// Accepts one connection as a direct descriptor that the kernel picks; the completion carries
    /// it. `-ENFILE` says that none is free, and the connection is lost. `SOCK_CLOEXEC` is refused
    /// (`-EINVAL`). Since 5.19.
    public final Sqe prepareAcceptDirectAlloc(int fd, int flags, long userData) {
        require(true, "IORING_FILE_INDEX_ALLOC", 5, 19);
        return prepareAccept(fd, flags, userData).fileIndex(IORING_FILE_INDEX_ALLOC);
    }

    /// [#prepareAcceptDirectAlloc(int, int, long)], with the address of the peer in `peer`.
    public final Sqe prepareAcceptDirectAlloc(
            int fd, SocketAddressBuffer peer, int flags, long userData) {
        require(true, "IORING_FILE_INDEX_ALLOC", 5, 19);
        return prepareAccept(fd, peer, flags, userData).fileIndex(IORING_FILE_INDEX_ALLOC);
    }

    /// Accepts until it fails or is cancelled; each completion carries a descriptor. Peers'
    /// addresses are not told: one would overwrite the other. Since 5.19.
    public final Sqe prepareMultishotAccept(int fd, int flags, long userData) {
        require(true, "IORING_ACCEPT_MULTISHOT", 5, 19);
        return prepareAccept(fd, flags, userData).ioprio(IORING_ACCEPT_MULTISHOT);
    }

    /// [#prepareMultishotAccept], where each connection becomes a direct descriptor that the kernel
    /// picks. Since 5.19.
    public final Sqe prepareMultishotAcceptDirect(int fd, int flags, long userData) {
        return prepareMultishotAccept(fd, flags, userData).fileIndex(IORING_FILE_INDEX_ALLOC);
    }
}
