package dev.torc.testkit.sim;

import static dev.torc.uring.constants.IoUring.SOCKET_URING_OP_GETSOCKOPT;
import static dev.torc.uring.constants.IoUring.SOCKET_URING_OP_SETSOCKOPT;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SockAddr;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.jspecify.annotations.Nullable;

/// Receiving, sending, accepting and socket options, as `io_uring/net.c` and `io_uring/cmd_net.c`
/// of Linux 6.18 have them.
final class Sockets {
    private static final int MULTISHOT_RECEIVES_MAX = 32; // MULTISHOT_MAX_RETRY
    private static final int[] ACCEPT_ERRORS = {
        Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOBUFS, Errno.ECONNABORTED
    };

    private final World world;
    private final Operations operations;

    Sockets(World world, Operations operations) {
        this.world = world;
        this.operations = operations;
    }

    // ---- RECV, multishot, into a provided buffer

    void receive(Op op, Endpoint endpoint) {
        for (int i = 0; i < MULTISHOT_RECEIVES_MAX; i++) {
            if (!endpoint.isReadable() || !receiveOnce(op, endpoint)) return;
        }
        operations.retryLater(op);
    }

    /// Whether it goes on.
    private boolean receiveOnce(Op op, Endpoint endpoint) {
        BufferGroup group = operations.groups().get(op.bufferGroup);
        if (group == null || group.isEmpty()) {
            operations.finish(op, -Errno.ENOBUFS, 0);
            return false;
        }
        byte[] data = new byte[group.bytes()];
        int result = endpoint.receive(data, 0, data.length);
        if (result == -Errno.EAGAIN) return false;
        if (result <= 0) {
            // Kernels differ in whether the end of the stream takes a buffer.
            boolean takes = result == 0 && world.chance.nextBoolean();
            operations.finish(op, result, takes ? bufferFlags(group.take(0)) : 0);
            return false;
        }
        Memory.copy(data, 0, group.address(), result);
        int flags = bufferFlags(group.take(result));
        boolean more = operations.ring().hasRoom() && !world.happens(world.faults.endedMultishot());
        if (!more) {
            operations.finish(op, result, flags);
            return false;
        }
        operations.ring().post(op.userData, result, flags | IoUring.IORING_CQE_F_MORE);
        return true;
    }

    private static int bufferFlags(int bufferId) {
        return bufferId << IoUring.IORING_CQE_BUFFER_SHIFT | IoUring.IORING_CQE_F_BUFFER;
    }

    // ---- SEND and SENDMSG, with MSG_WAITALL

    /// A part that was sent counts: a send that then fails or may not wait completes with it, as a
    /// failure (`io_sendrecv_fail`).
    void send(Op op, Endpoint endpoint) {
        byte[] data = op.unsent();
        int result = endpoint.send(data, 0, data.length);
        if (result > 0) op.done += result;
        if (op.done == op.len) {
            operations.finish(op, op.len, 0);
        } else if (result < 0 && result != -Errno.EAGAIN) {
            operations.finish(op, op.done > 0 ? op.done : result, 0, true);
        } else if ((op.opFlags & Linux.MSG_DONTWAIT) != 0) {
            operations.finish(op, op.done > 0 ? op.done : -Errno.EAGAIN, 0, true);
        } else if (endpoint.isWritable()) {
            world.schedule(world.delayNanos(), () -> operations.retryLater(op));
        }
    }

    // ---- ACCEPT, into a direct descriptor

    void accept(Op op, @Nullable Listener listener) {
        boolean multishot = (op.priority & IoUring.IORING_ACCEPT_MULTISHOT) != 0;
        while (listener != null && !listener.isEmpty()) {
            if (world.happens(world.faults.failedAccept())) {
                operations.finish(op, -failAccept(listener), 0);
                return;
            }
            Endpoint endpoint = listener.take();
            int slot = operations.files().install(endpoint);
            if (slot == FileTable.FULL) {
                endpoint.reset();
                world.fail("a connection was accepted without a slot for it, and lost");
                operations.finish(op, -Errno.ENFILE, 0);
                return;
            }
            endpoint.watch(() -> operations.changed(endpoint));
            boolean more =
                    multishot
                            && operations.ring().hasRoom()
                            && !world.happens(world.faults.endedMultishot());
            if (!more) {
                operations.finish(op, slot, 0);
                return;
            }
            operations.ring().post(op.userData, slot, IoUring.IORING_CQE_F_MORE);
        }
    }

    // ---- URING_CMD: SO_PEERNAME, SO_LINGER

    int command(Op op, Endpoint endpoint) {
        int option = (int) (op.addr >>> Integer.SIZE);
        int bytes = op.fileIndex;
        if (op.off == SOCKET_URING_OP_GETSOCKOPT && option == Linux.SO_PEERNAME) {
            // Unlike getpeername(2) it wants no more than there is, and knows who has gone.
            if (bytes != SockAddr.bytes(endpoint.remote())) return -Errno.EINVAL;
            return SockAddr.put(op.addr3, endpoint.remote());
        }
        if (op.off == SOCKET_URING_OP_SETSOCKOPT && option == Linux.SO_LINGER) {
            boolean on = Memory.getInt(op.addr3) != 0;
            if (on && Memory.getInt(op.addr3 + Integer.BYTES) == 0) endpoint.resetOnClose();
            return 0;
        }
        world.fail("the simulated kernel does not know the socket option " + option);
        return -Errno.ENOPROTOOPT;
    }

    private int failAccept(Listener listener) {
        int errno = ACCEPT_ERRORS[world.chance.nextInt(ACCEPT_ERRORS.length)];
        if (errno == Errno.ECONNABORTED) listener.take().reset();
        return errno;
    }
}
