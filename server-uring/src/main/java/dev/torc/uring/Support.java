package dev.torc.uring;

import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.ProbeOps;
import dev.torc.uring.constants.IoUring;

/// What the kernel of one ring knows, asked once when the ring is opened.
///
/// Operations are asked for (`IORING_REGISTER_PROBE`). What came later to an operation that was
/// there already cannot be: it is there when an operation of the same release or a later one is, or
/// when the kernel's own release says so.
final class Support {
    private static final long ALL = -1;

    private final long opcodes;
    private final int features;
    private final KernelRelease release;

    /// `probe` is filled in by the kernel, or 0 where it refused: then it has to say no itself.
    Support(long probe, int features, String release) {
        long known = probe == 0 ? ALL : 0;
        for (int opcode = 0; probe != 0 && opcode < Long.SIZE; opcode++) {
            if (ProbeOps.supports(probe, opcode)) known |= 1L << opcode;
        }
        opcodes = known;
        this.features = features;
        this.release = latest(known, KernelRelease.parse(release));
    }

    /// What can be told of a kernel without a ring.
    static Support ofRelease(Kernel calls) {
        return new Support(0, 0, calls.release());
    }

    boolean hasOperation(int opcode) {
        return (opcodes >>> opcode & 1) != 0;
    }

    boolean hasFeature(int feature) {
        return (features & feature) != 0;
    }

    int features() {
        return features;
    }

    /// Whether the kernel is `major.minor` or has what came with it.
    boolean isFrom(int major, int minor) {
        return release.major() > major || (release.major() == major && release.minor() >= minor);
    }

    /// What a kernel with these operations is, which says that it is `own`.
    private static KernelRelease latest(long opcodes, KernelRelease own) {
        int latest = IoUring.opcodeReleases().size() - 1;
        while (latest > 0 && (opcodes >>> latest & 1) == 0) latest--;
        boolean later = opcodes != ALL && own.isOlderThan(since(latest));
        return later ? since(latest) : own;
    }

    /// @throws UnsupportedException when the kernel is older than `major.minor`
    void require(String what, int major, int minor) {
        if (!isFrom(major, minor)) {
            throw new UnsupportedException(what, new KernelRelease(major, minor));
        }
    }

    /// The refusal of an operation that the kernel does not have.
    static UnsupportedException refusal(int opcode) {
        String name = "IORING_OP_" + IoUring.opcodeNames().get(opcode);
        return new UnsupportedException(name, since(opcode));
    }

    private static KernelRelease since(int opcode) {
        return KernelRelease.parse(IoUring.opcodeReleases().get(opcode));
    }
}
