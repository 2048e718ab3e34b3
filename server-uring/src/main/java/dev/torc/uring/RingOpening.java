package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IORING_SETUP_CLAMP;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_COOP_TASKRUN;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_CQSIZE;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_DEFER_TASKRUN;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_NO_MMAP;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_NO_SQARRAY;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_REGISTERED_FD_ONLY;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_R_DISABLED;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_SINGLE_ISSUER;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_SUBMIT_ALL;

import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.Params;
import dev.torc.uring.abi.ProbeOps;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A ring between `io_uring_setup(2)` and its first use: what was asked for and what came of it.
final class RingOpening {
    // Best first: what a kernel does not know, it answers with EINVAL. From 6.6, 6.1 and 5.19.
    private static final int[] BEST = {
        IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_NO_SQARRAY,
        IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
        IORING_SETUP_COOP_TASKRUN
    };
    private static final int ALWAYS =
            IORING_SETUP_SUBMIT_ALL | IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP;
    private static final int FEATURES_NEEDED =
            IoUring.IORING_FEAT_SINGLE_MMAP
                    | IoUring.IORING_FEAT_NODROP
                    | IoUring.IORING_FEAT_SUBMIT_STABLE
                    | IoUring.IORING_FEAT_EXT_ARG
                    | IoUring.IORING_FEAT_CQE_SKIP;

    /// The set-up flags that [Ring#open(int, int)] would use.
    static final int BEST_FLAGS = BEST[0] | ALWAYS;

    private final Kernel calls;
    private final long params;
    private final RingMemory memory;
    private final RingDescriptor descriptor;
    private final Support support;

    private RingOpening(
            Kernel calls,
            long params,
            RingMemory memory,
            RingDescriptor descriptor,
            Support support) {
        this.calls = calls;
        this.params = params;
        this.memory = memory;
        this.descriptor = descriptor;
        this.support = support;
    }

    /// Why there can be no ring on this platform, if so.
    static Optional<String> unsupported() {
        String system = System.getProperty("os.name");
        if (!system.equals("Linux")) return Optional.of("io_uring needs Linux; this is " + system);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return List.of("amd64", "x86_64", "aarch64").contains(arch)
                ? Optional.empty()
                : Optional.of("Torc's io_uring knows x86-64 and AArch64; this is " + arch);
    }

    /// Opens with the best flags that the kernel knows.
    static Ring best(Kernel.Source kernels, int entries, int completionEntries) {
        Kernel calls = kernels.open(Arena.ofAuto());
        int result = -Errno.EINVAL;
        for (int flags : BEST) {
            RingSetup setup =
                    RingSetup.of(entries)
                            .withFlags(flags | (ALWAYS & ~IORING_SETUP_CQSIZE))
                            .withCompletionEntries(completionEntries)
                            .withDescriptorRegistered(true);
            try (Arena scratch = Arena.ofConfined()) {
                long params = scratch.allocate(Params.BYTES, Long.BYTES).address();
                result = setup(calls, params, setup);
                if (result >= 0) return finish(calls, params, setup, result, null);
            }
            if (result != -Errno.EINVAL) break;
        }
        throw MemoryLimit.refusal(calls, "io_uring_setup", result);
    }

    /// Opens as `setup` says.
    static Ring as(Kernel.Source kernels, RingSetup setup) {
        Ring sharing = setup.sharing();
        if (sharing != null) sharing.requireOpen(); // before anything is mapped
        Kernel calls = kernels.open(Arena.ofAuto());
        try (Arena scratch = Arena.ofConfined()) {
            long params = scratch.allocate(Params.BYTES, Long.BYTES).address();
            boolean own = setup.has(IORING_SETUP_NO_MMAP);
            RingMemory memory = own ? RingMemory.provide(calls, params, setup) : null;
            int result = setup(calls, params, setup);
            if (result >= 0) return finish(calls, params, setup, result, memory);
            if (memory != null) memory.unmap();
            if (result == -Errno.EINVAL) SetupFlags.requireKnown(calls, setup.flags());
            throw MemoryLimit.refusal(calls, "io_uring_setup", result);
        }
    }

    private static int setup(Kernel calls, long params, RingSetup setup) {
        Params.put(params, Params.FLAGS, setup.flags());
        Params.put(params, Params.CQ_ENTRIES, setup.completionEntries());
        Params.put(params, Params.SQ_THREAD_CPU, setup.threadCpu());
        Params.put(params, Params.SQ_THREAD_IDLE, setup.threadIdleMillis());
        Ring sharing = setup.sharing();
        if (sharing != null) Params.put(params, Params.WQ_FD, sharing.fd());
        return calls.setup(setup.entries(), params);
    }

    private static Ring finish(
            Kernel calls, long params, RingSetup setup, int result, @Nullable RingMemory own) {
        boolean byIndex = setup.has(IORING_SETUP_REGISTERED_FD_ONLY);
        RingDescriptor descriptor =
                byIndex
                        ? new RingDescriptor(calls, -1, result)
                        : new RingDescriptor(calls, result, -1);
        RingMemory memory = own;
        try {
            int features = Params.get(params, Params.FEATURES);
            if ((features & FEATURES_NEEDED) != FEATURES_NEEDED) {
                throw new UnsupportedException("Torc's rings", new KernelRelease(5, 17));
            }
            Support support = support(calls, descriptor, features);
            if (memory == null) memory = RingMemory.map(calls, params, result);
            boolean now = setup.descriptorRegistered() && !setup.has(IORING_SETUP_R_DISABLED);
            if (now) descriptor.registerItself();
            return new Ring(new RingOpening(calls, params, memory, descriptor, support), setup);
        } catch (RuntimeException failure) {
            if (memory != null) memory.unmap();
            descriptor.close();
            throw failure;
        }
    }

    private static Support support(Kernel calls, RingDescriptor descriptor, int features) {
        try (Arena scratch = Arena.ofConfined()) {
            long ops = scratch.allocate(ProbeOps.BYTES, Long.BYTES).address();
            int opcode = IoUring.IORING_REGISTER_PROBE;
            int result = descriptor.register(opcode, ops, ProbeOps.OPS_MAX);
            return new Support(result < 0 ? 0 : ops, features, calls.release());
        }
    }

    Kernel calls() {
        return calls;
    }

    /// What the kernel answered; until the ring has been made.
    long params() {
        return params;
    }

    RingMemory memory() {
        return memory;
    }

    RingDescriptor descriptor() {
        return descriptor;
    }

    Support support() {
        return support;
    }

    int setupFlags() {
        return Params.get(params, Params.FLAGS);
    }
}
