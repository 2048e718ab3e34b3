package dev.torc.testkit.sim;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.BufRing;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.ProbeOps;
import dev.torc.uring.abi.Rsrc;
import dev.torc.uring.abi.SockAddr;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.net.InetSocketAddress;

/// The simulated kernel as one thread calls it. Memory that it maps stays until the simulation
/// ends, destroyed when it is unmapped, so that a late use of it shows.
final class SimKernel implements Kernel {
    private static final long DESCRIPTORS_MAX = 1 << 20;
    private static final byte DESTROYED = (byte) 0xDB;

    private final World world;
    private final Machine machine;
    private final Arena memory;
    private @Nullable SimRing registered;

    SimKernel(World world, Machine machine, Arena memory) {
        this.world = world;
        this.machine = machine;
        this.memory = memory;
    }

    // ---- rings

    @Override
    public int setup(int entries, long params) {
        if (entries < 1) return -Errno.EINVAL;
        return world.locked(
                () -> {
                    SimRing ring = new SimRing(world, machine, memory, entries, params);
                    world.add(ring);
                    return machine.addDescriptor(ring);
                });
    }

    @Override
    public int enter(int fd, int submit, int complete, int flags, long argument, int bytes) {
        return world.locked(
                () -> {
                    boolean byIndex = (flags & IoUring.IORING_ENTER_REGISTERED_RING) != 0;
                    SimRing ring = byIndex ? registered : ring(fd);
                    if (ring == null) return -Errno.EBADF;
                    return ring.enter(submit, complete, flags, argument);
                });
    }

    @Override
    public int register(int fd, int opcode, long argument, int count) {
        return world.locked(
                () -> {
                    SimRing ring = ring(fd);
                    return ring == null ? -Errno.EBADF : register(ring, opcode, argument);
                });
    }

    private int register(SimRing ring, int opcode, long argument) {
        Operations operations = ring.operations();
        switch (opcode) {
            case IoUring.IORING_REGISTER_PROBE -> {
                int last = IoUring.opcodeNames().size() - 1;
                Memory.putByte(argument + ProbeOps.LAST_OP, (byte) last);
                for (int i = 0; i <= last; i++) {
                    long op = argument + ProbeOps.HEADER_BYTES + (long) i * ProbeOps.OP_BYTES;
                    Memory.putShort(op + ProbeOps.OP_FLAGS, (short) IoUring.IO_URING_OP_SUPPORTED);
                }
            }
            case IoUring.IORING_REGISTER_FILES2 ->
                    operations.registerFiles(Memory.getInt(argument + Rsrc.REGISTER_NR));
            case IoUring.IORING_REGISTER_IOWQ_MAX_WORKERS -> {}
            case IoUring.IORING_REGISTER_RING_FDS -> {
                if (registered != null) return -Errno.EBUSY;
                registered = ring;
                Memory.putInt(argument + Rsrc.UPDATE_OFFSET, 0);
                return 1;
            }
            case IoUring.IORING_UNREGISTER_RING_FDS -> registered = null;
            case IoUring.IORING_REGISTER_PBUF_RING -> {
                long address = Memory.getLong(argument + BufRing.REG_RING_ADDR);
                int entries = Memory.getInt(argument + BufRing.REG_RING_ENTRIES);
                operations.groups().put(group(argument), new BufferGroup(world, address, entries));
            }
            case IoUring.IORING_UNREGISTER_PBUF_RING -> operations.groups().remove(group(argument));
            default -> {
                return -Errno.EINVAL;
            }
        }
        return 0;
    }

    private static int group(long registration) {
        return Short.toUnsignedInt(Memory.getShort(registration + BufRing.REG_BGID));
    }

    private @Nullable SimRing ring(int fd) {
        return machine.find(fd) instanceof SimRing ring ? ring : null;
    }

    // ---- memory

    @Override
    public long mmap(long bytes, int flags, int fd, long offset) {
        return world.locked(
                () -> {
                    boolean anonymous = (flags & Linux.MAP_ANONYMOUS) != 0;
                    if (anonymous) return memory.allocate(bytes, 4096).address();
                    SimRing ring = ring(fd);
                    if (ring == null) return (long) -Errno.EBADF;
                    boolean entries = offset == IoUring.IORING_OFF_SQES;
                    return entries ? ring.sqesAddress : ring.ringAddress;
                });
    }

    @Override
    public int munmap(long address, long bytes) {
        Memory.fill(address, bytes, DESTROYED);
        return 0;
    }

    @Override
    public int madvise(long address, long bytes, int advice) {
        return 0;
    }

    // ---- sockets

    @Override
    public int socket(int family, int type) {
        return world.locked(() -> machine.openSocket(family == Linux.AF_INET6));
    }

    @Override
    public int socketpair(int family, int type, long pair) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public int setsockopt(int fd, int level, int option, long value, int bytes) {
        boolean shares = level == Linux.SOL_SOCKET && option == Linux.SO_REUSEPORT;
        return world.locked(() -> shares ? machine.share(fd) : 0);
    }

    @Override
    public int bind(int fd, long address, int bytes) {
        return world.locked(() -> machine.bind(fd, SockAddr.get(address)));
    }

    @Override
    public int listen(int fd, int backlog) {
        return world.locked(() -> machine.listen(fd, backlog));
    }

    @Override
    public int getsockname(int fd, long address, long bytes) {
        return world.locked(() -> put(address, bytes, machine.local(fd)));
    }

    @Override
    public int getpeername(int fd, long address, long bytes) {
        return world.locked(() -> put(address, bytes, machine.remote(fd)));
    }

    private static int put(long target, long bytes, @Nullable InetSocketAddress address) {
        if (address == null) return -Machine.ENOTCONN;
        Memory.putInt(bytes, SockAddr.put(target, address));
        return 0;
    }

    // ---- descriptors

    @Override
    public int eventfd(int initial, int flags) {
        return world.locked(machine::openCounter);
    }

    @Override
    public long read(int fd, long address, long bytes) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public long write(int fd, long address, long bytes) {
        return world.locked(
                () -> {
                    world.noteThread();
                    return machine.addToCounter(fd, Memory.getLong(address))
                            ? Long.BYTES
                            : -Errno.EBADF;
                });
    }

    @Override
    public int close(int fd) {
        return world.locked(() -> machine.close(fd));
    }

    @Override
    public int openat(int dirFd, long path, int flags) {
        return world.locked(() -> machine.open(HostFiles.text(path)));
    }

    @Override
    public int statx(int fd, int mask, long result) {
        return world.locked(
                () -> {
                    HostFiles.HostFile file = machine.file(fd);
                    return file == null ? -Errno.EBADF : HostFiles.statx(file, result);
                });
    }

    @Override
    public int fcntl(int fd, int command, int argument) {
        return 0;
    }

    // ---- the process

    @Override
    public int getrlimit(int resource, long limit) {
        Memory.putLong(limit, DESCRIPTORS_MAX);
        Memory.putLong(limit + Long.BYTES, DESCRIPTORS_MAX);
        return 0;
    }

    @Override
    public int schedGetaffinity(long mask, int bytes) {
        return -Errno.ENOSYS;
    }

    @Override
    public int schedSetaffinity(long mask, int bytes) {
        return -Errno.ENOSYS;
    }
}
