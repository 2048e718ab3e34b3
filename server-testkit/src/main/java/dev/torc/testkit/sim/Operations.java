package dev.torc.testkit.sim;

import static dev.torc.uring.constants.IoUring.IORING_OP_ACCEPT;
import static dev.torc.uring.constants.IoUring.IORING_OP_ASYNC_CANCEL;
import static dev.torc.uring.constants.IoUring.IORING_OP_CLOSE;
import static dev.torc.uring.constants.IoUring.IORING_OP_FIXED_FD_INSTALL;
import static dev.torc.uring.constants.IoUring.IORING_OP_NOP;
import static dev.torc.uring.constants.IoUring.IORING_OP_OPENAT2;
import static dev.torc.uring.constants.IoUring.IORING_OP_READ;
import static dev.torc.uring.constants.IoUring.IORING_OP_RECV;
import static dev.torc.uring.constants.IoUring.IORING_OP_SEND;
import static dev.torc.uring.constants.IoUring.IORING_OP_SENDMSG;
import static dev.torc.uring.constants.IoUring.IORING_OP_SHUTDOWN;
import static dev.torc.uring.constants.IoUring.IORING_OP_TIMEOUT;
import static dev.torc.uring.constants.IoUring.IORING_OP_TIMEOUT_REMOVE;
import static dev.torc.uring.constants.IoUring.IORING_OP_URING_CMD;

import dev.torc.core.memory.Memory;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the kernel does with each operation: tries it when it is submitted, keeps it *armed* while
/// it has to wait, tries again when something has changed.
final class Operations {
    private static final int ENOENT = 2;

    private final World world;
    private final Machine machine;
    private final SimRing ring;
    private final Sockets sockets;
    private final List<Op> armed = new ArrayList<>();
    private final Map<Integer, BufferGroup> groups = new HashMap<>();
    private @Nullable FileTable files;

    Operations(World world, Machine machine, SimRing ring) {
        this.world = world;
        this.machine = machine;
        this.ring = ring;
        sockets = new Sockets(world, this);
    }

    SimRing ring() {
        return ring;
    }

    Map<Integer, BufferGroup> groups() {
        return groups;
    }

    FileTable files() {
        if (files == null) throw new AssertionError("no direct descriptors are registered");
        return files;
    }

    void registerFiles(int count) {
        files = new FileTable(world, count);
    }

    /// Takes `op` from the submission queue.
    void issue(Op op) {
        if (op.isFixedFile() && files().find(op) == null) {
            ring.post(op.userData, -Errno.EBADF, 0);
            return;
        }
        switch (op.opcode) {
            case IORING_OP_NOP -> finish(op, 0, 0);
            case IORING_OP_RECV, IORING_OP_SEND, IORING_OP_SENDMSG, IORING_OP_ACCEPT -> {
                arm(op);
                attempt(op);
            }
            case IORING_OP_READ -> {
                arm(op);
                if (machine.file(op.fd) == null) {
                    attempt(op);
                } else {
                    world.schedule(world.delayNanos(), () -> ring.later(() -> readFile(op)));
                }
            }
            case IORING_OP_OPENAT2 -> {
                arm(op);
                int result = machine.openBeneath(op);
                world.schedule(world.delayNanos(), () -> ring.later(() -> finish(op, result, 0)));
            }
            case IORING_OP_SHUTDOWN -> {
                arm(op);
                world.schedule(world.delayNanos(), () -> shutdown(op));
            }
            case IORING_OP_TIMEOUT -> {
                arm(op);
                startTimeout(op, SimRing.nanos(op.addr));
            }
            case IORING_OP_TIMEOUT_REMOVE -> finish(op, updateTimeout(op), 0);
            case IORING_OP_ASYNC_CANCEL -> finish(op, cancel(op.addr), 0);
            case IORING_OP_CLOSE -> finish(op, close(op), 0);
            case IORING_OP_URING_CMD -> finish(op, sockets.command(op, endpoint(op)), 0);
            case IORING_OP_FIXED_FD_INSTALL -> {
                Endpoint endpoint = files().find(op);
                finish(op, endpoint == null ? -Errno.EBADF : machine.addDescriptor(endpoint), 0);
            }
            default -> {
                world.fail("the simulated kernel does not know operation " + op.opcode);
                finish(op, -Errno.EINVAL, 0);
            }
        }
    }

    /// Something has changed for `op`: it is tried again when the ring's thread comes back.
    void retryLater(Op op) {
        if (op.retrying || op.finished) return;
        op.retrying = true;
        ring.later(
                () -> {
                    op.retrying = false;
                    if (!op.finished) attempt(op);
                });
    }

    /// The armed operations on the direct descriptor of `endpoint` are worth another try.
    void changed(Endpoint endpoint) {
        for (Op op : List.copyOf(armed)) {
            if (op.isFixedFile() && op.opcode != IORING_OP_SHUTDOWN && files().find(op) == endpoint)
                retryLater(op);
        }
    }

    /// The same for the operations on a regular descriptor.
    void changed(int fd) {
        for (Op op : List.copyOf(armed)) {
            boolean here = op.opcode == IORING_OP_ACCEPT || op.opcode == IORING_OP_READ;
            if (here && op.fd == fd) retryLater(op);
        }
    }

    boolean isArmed(int fd) {
        return armed.stream().anyMatch(op -> !op.isFixedFile() && op.fd == fd);
    }

    /// What is still armed, timeouts aside: the kernel copied all that they need.
    long armedCount() {
        return armed.stream().filter(op -> op.opcode != IORING_OP_TIMEOUT).count();
    }

    /// The ring is closed, and with it every direct descriptor.
    void close() {
        if (files != null) files.closeAll();
    }

    // ---- the life of an operation

    private void arm(Op op) {
        armed.add(op);
        if (op.isFixedFile()) files().started(op);
    }

    private void attempt(Op op) {
        switch (op.opcode) {
            case IORING_OP_RECV -> sockets.receive(op, endpoint(op));
            case IORING_OP_SEND, IORING_OP_SENDMSG -> sockets.send(op, endpoint(op));
            case IORING_OP_ACCEPT -> sockets.accept(op, machine.listener(op.fd));
            default -> readCounter(op);
        }
    }

    private Endpoint endpoint(Op op) {
        Endpoint endpoint = files().find(op);
        if (endpoint == null) throw new AssertionError("an armed operation has lost its slot");
        return endpoint;
    }

    /// The last completion of `op`, unless it succeeded silently.
    void finish(Op op, int result, int flags) {
        finish(op, result, flags, result < 0);
    }

    void finish(Op op, int result, int flags, boolean failed) {
        if (op.finished) return;
        op.finished = true;
        if (armed.remove(op) && op.isFixedFile()) files().finished(op);
        if (failed || !op.skipsSuccess()) ring.post(op.userData, result, flags);
    }

    private int cancel(long userData) {
        Op found =
                armed.stream()
                        .filter(op -> op.userData == userData && !op.cancelled)
                        .findFirst()
                        .orElse(null);
        if (found == null) return -ENOENT;
        if (world.happens(world.faults.lateCancel())) {
            attempt(found);
            if (found.finished) return -ENOENT;
        }
        found.cancelled = true;
        ring.later(() -> finish(found, found.done > 0 ? found.done : -Errno.ECANCELED, 0, true));
        return 0;
    }

    private void shutdown(Op op) {
        Endpoint endpoint = endpoint(op);
        boolean reset = endpoint.isReset();
        endpoint.endSend();
        ring.later(() -> finish(op, reset ? -Machine.ENOTCONN : 0, 0));
    }

    private int close(Op op) {
        if (op.fileIndex == 0) return machine.close(op.fd);
        return files().close(op.fileIndex - 1) ? 0 : -Errno.EBADF;
    }

    private void readFile(Op op) {
        if (op.finished) return;
        HostFiles.HostFile file = machine.file(op.fd);
        if (file == null) throw new AssertionError("a file that is being read was closed");
        finish(op, HostFiles.read(file, op.off, op.addr, op.len), 0);
    }

    private void readCounter(Op op) {
        long count = machine.takeCounter(op.fd);
        if (count == 0) return;
        Memory.putLong(op.addr, count);
        finish(op, Long.BYTES, 0);
    }

    // ---- timeouts

    private void startTimeout(Op op, long nanos) {
        op.dueNanos = world.nowNanos() + nanos;
        world.schedule(nanos, () -> timeoutDue(op));
    }

    private void timeoutDue(Op op) {
        if (op.dueNanos - world.nowNanos() > 0) return; // it was moved
        ring.later(() -> finish(op, -Errno.ETIME, 0));
    }

    private int updateTimeout(Op update) {
        if ((update.opFlags & IoUring.IORING_TIMEOUT_UPDATE) == 0) return -Errno.EINVAL;
        for (Op op : armed) {
            if (op.opcode != IORING_OP_TIMEOUT || op.userData != update.addr) continue;
            startTimeout(op, SimRing.nanos(update.off));
            return 0;
        }
        return -ENOENT;
    }
}
