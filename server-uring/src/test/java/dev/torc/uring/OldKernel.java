package dev.torc.uring;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.Params;
import dev.torc.uring.abi.ProbeOps;
import dev.torc.uring.abi.Syscalls;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;

/// This machine's kernel, less what came after a release: operations, set-up flags, registrations
/// and features. A fixture that plays an older one as far as its refusals go.
final class OldKernel implements InvocationHandler {
    private static final List<String> REGISTERS =
            List.of(
                    ("5.1 5.1 5.1 5.1 5.2 5.2 5.5 5.6 5.6 5.6 5.6 5.10 5.10 5.13 5.13 5.13 5.13"
                                    + " 5.14 5.14 5.15 5.18 5.18 5.19 5.19 6.0 6.0 6.8 6.9 6.9 6.12"
                                    + " 6.12 6.13 6.15 6.13 6.13 6.18")
                            .split(" "));
    private static final List<String> SETUPS =
            List.of(
                    ("5.1 5.1 5.1 5.5 5.6 5.6 5.10 5.18 5.19 5.19 5.19 5.19 6.0 6.1 6.5 6.5 6.6"
                                    + " 6.13 6.18")
                            .split(" "));
    private static final List<String> FEATURES =
            List.of(
                    ("5.4 5.5 5.5 5.6 5.6 5.7 5.9 5.11 5.11 5.12 5.13 5.17 5.17 6.3 6.10 6.12"
                                    + " 6.14 6.15")
                            .split(" "));

    private final Kernel real;
    private final KernelRelease release;

    private OldKernel(Kernel real, KernelRelease release) {
        this.real = real;
        this.release = release;
    }

    /// Linux `major.minor`.
    static Kernel.Source of(int major, int minor) {
        KernelRelease release = new KernelRelease(major, minor);
        return arena ->
                (Kernel)
                        Proxy.newProxyInstance(
                                Kernel.class.getClassLoader(),
                                new Class<?>[] {Kernel.class},
                                new OldKernel(new Syscalls(arena), release));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            case "release" -> release + ".0";
            case "setup" -> setup((int) arguments[0], (long) arguments[1]);
            case "register" ->
                    register(
                            (int) arguments[0],
                            (int) arguments[1],
                            (long) arguments[2],
                            (int) arguments[3]);
            default -> {
                try {
                    yield method.invoke(real, arguments);
                } catch (InvocationTargetException thrown) {
                    throw thrown.getCause();
                }
            }
        };
    }

    private int setup(int entries, long params) {
        if ((Params.get(params, Params.FLAGS) & ~known(SETUPS)) != 0) return -Errno.EINVAL;
        int result = real.setup(entries, params);
        int features = Params.get(params, Params.FEATURES) & known(FEATURES);
        Params.put(params, Params.FEATURES, features);
        return result;
    }

    private int register(int fd, int opcode, long argument, int count) {
        int plain = opcode & ~IoUring.IORING_REGISTER_USE_REGISTERED_RING;
        if (!isKnown(REGISTERS, plain)) return -Errno.EINVAL;
        int result = real.register(fd, opcode, argument, count);
        if (plain != IoUring.IORING_REGISTER_PROBE) return result;
        for (int op = 0; op < count; op++) {
            if (isKnown(IoUring.opcodeReleases(), op)) continue;
            long flags = argument + ProbeOps.HEADER_BYTES + (long) op * ProbeOps.OP_BYTES;
            Memory.putShort(flags + ProbeOps.OP_FLAGS, (short) 0);
        }
        return result;
    }

    private int known(List<String> releases) {
        int known = 0;
        for (int bit = 0; bit < releases.size(); bit++) {
            if (isKnown(releases, bit)) known |= 1 << bit;
        }
        return known;
    }

    private boolean isKnown(List<String> releases, int index) {
        return index < releases.size()
                && !release.isOlderThan(KernelRelease.parse(releases.get(index)));
    }
}
