package dev.torc.uring.transport;

import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;
import dev.torc.core.StartException;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.Transport;
import dev.torc.core.spi.TransportProvider;
import dev.torc.uring.Probe;
import dev.torc.uring.Ring;
import dev.torc.uring.RingException;
import dev.torc.uring.abi.Errno;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.Syscalls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Decides whether io_uring works here and opens its transports. Found by `ServiceLoader`.
public final class UringTransportProvider implements TransportProvider {
    private static final int RANK = 100;
    private static final String TOO_OLD = "the kernel is older than 6.8; use a newer one";
    private static final String SECCOMP =
            "most likely a container's seccomp profile; run it with one that allows"
                    + " io_uring_setup, io_uring_enter and io_uring_register";
    private static final Path DISABLED = Path.of("/proc/sys/kernel/io_uring_disabled");
    private static final List<String> OPERATIONS_NEEDED =
            List.of(
                    "ACCEPT",
                    "ASYNC_CANCEL",
                    "CLOSE",
                    "FIXED_FD_INSTALL",
                    "READ",
                    "SEND",
                    "RECV",
                    "SHUTDOWN",
                    "TIMEOUT",
                    "TIMEOUT_REMOVE");

    public UringTransportProvider() {}

    @Override
    public String name() {
        return "uring";
    }

    @Override
    public int rank() {
        return RANK;
    }

    @Override
    public Verdict verdict() {
        return Decision.VERDICT;
    }

    @Override
    public Transport open(Shard shard, ServerConfig config, ConnectionHandler.Factory handlers) {
        try {
            if (config.pinShards()) Affinity.pin(shard.index());
            return open(shard, config, handlers, Syscalls::new);
        } catch (RingException failure) {
            throw new StartException(refusal(failure), failure);
        }
    }

    /// Opens the transport on a kernel of the caller's choice: the seam for the simulated one.
    public static Transport open(
            Shard shard,
            ServerConfig config,
            ConnectionHandler.Factory handlers,
            Kernel.Source kernels) {
        return new UringTransport(shard, config, handlers, kernels);
    }

    /// Made once for the process, when first asked for.
    private static final class Decision {
        static final Verdict VERDICT = decide();
    }

    private static Verdict decide() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return no("io_uring needs Linux; this is " + System.getProperty("os.name"));
        }
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        if (!List.of("amd64", "x86_64", "aarch64").contains(arch)) {
            return no("Torc's io_uring transport knows x86-64 and AArch64; this is " + arch);
        }
        try (Ring ring = Ring.open(8, 16)) {
            Probe probe = ring.probe();
            List<String> missing =
                    OPERATIONS_NEEDED.stream()
                            .filter(name -> !probe.supported().contains(name))
                            .toList();
            if (!missing.isEmpty() || !probe.setup().contains("SINGLE_ISSUER")) {
                return no("io_uring needs Linux 6.8 or newer; this is " + kernel());
            }
            return new Verdict(true, "io_uring on Linux " + kernel(), details(probe));
        } catch (RingException refused) {
            return no(refusal(refused));
        } catch (IllegalCallerException | LinkageError denied) {
            return no(
                    "native access is denied to Torc: start java with"
                            + " --enable-native-access=dev.torc.core,dev.torc.uring");
        }
    }

    private static List<String> details(Probe probe) {
        return List.of(
                "ring setup: " + String.join(" ", probe.setup()),
                "operations: "
                        + probe.supported().size()
                        + (probe.missing().isEmpty()
                                ? ", all that Linux 6.18 has"
                                : ", without " + String.join(" ", probe.missing())));
    }

    private static Verdict no(String reason) {
        return new Verdict(false, reason, List.of());
    }

    /// One line: the errno, what it most likely comes from, and the remedy.
    private static String refusal(RingException refused) {
        String cause =
                switch (refused.errno()) {
                    case Errno.EPERM, Errno.EACCES -> permission();
                    case Errno.ENOSYS, Errno.EOPNOTSUPP, Errno.EINVAL ->
                            isOlderThanNeeded(kernel()) ? TOO_OLD : SECCOMP;
                    case Errno.ENOMEM ->
                            "the memory limit is too low; raise it (ulimit -l, or the cgroup's)";
                    case Errno.EMFILE, Errno.ENFILE ->
                            "too many open files; raise the limit (ulimit -n)";
                    default -> "the kernel is " + kernel();
                };
        return "io_uring was refused: " + refused.getMessage() + ": " + cause;
    }

    private static String permission() {
        String disabled = read(DISABLED);
        if (!disabled.isEmpty() && !disabled.equals("0")) {
            return "kernel.io_uring_disabled is "
                    + disabled
                    + "; set it to 0 (sysctl kernel.io_uring_disabled=0)";
        }
        return SECCOMP;
    }

    /// Whether a release such as `5.15.0-91-generic` is older than 6.8.
    static boolean isOlderThanNeeded(String release) {
        String[] parts = release.split("\\D+", 3);
        if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) return false;
        int major = Integer.parseInt(parts[0]);
        return major < 6 || (major == 6 && Integer.parseInt(parts[1]) < 8);
    }

    private static String kernel() {
        return System.getProperty("os.version");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException absent) {
            return "";
        }
    }
}
