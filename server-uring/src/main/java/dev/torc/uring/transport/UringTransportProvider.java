package dev.torc.uring.transport;

import dev.torc.core.Limits;
import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;
import dev.torc.core.StartException;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.Transport;
import dev.torc.core.spi.TransportProvider;
import dev.torc.uring.Probe;
import dev.torc.uring.Ring;
import dev.torc.uring.RingException;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.Syscalls;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Decides whether io_uring works here and opens its transports. Found by `ServiceLoader`.
public final class UringTransportProvider implements TransportProvider {
    private static final int RANK = 100;
    private static final int TEST_SECONDS_MAX = 10;
    private static final List<String> OPERATIONS_NEEDED =
            List.of(
                    "ACCEPT",
                    "ASYNC_CANCEL",
                    "CLOSE",
                    "FIXED_FD_INSTALL",
                    "OPENAT2",
                    "POLL_ADD",
                    "READ",
                    "SEND",
                    "RECV",
                    "SHUTDOWN",
                    "SPLICE",
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

    /// Connections are direct descriptors: each ring has a table of them, which may have as many
    /// places as `RLIMIT_NOFILE` says, and they count against nothing else.
    @Override
    public Needs needs(List<ServerConfig> servers) {
        long descriptors = Needs.ownDescriptors(servers);
        long lockedBytes = 0;
        for (ServerConfig server : servers) {
            Limits limits = server.limits();
            descriptors = Math.max(descriptors, limits.connectionsMax());
            lockedBytes += server.shards() * RingSize.lockedBytes(limits);
        }
        return new Needs(descriptors, lockedBytes);
    }

    @Override
    public Transport open(Shard shard, ServerConfig config, ConnectionHandler.Factory handlers) {
        try {
            if (config.pinShards()) Affinity.pin(shard.index());
            return open(shard, config, handlers, Syscalls::new);
        } catch (RingException failure) {
            String why = Diagnosis.ofThisProcess().of(failure).message();
            throw new StartException("io_uring was refused: " + why, failure);
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
        Optional<String> unsupported = Ring.unsupported();
        if (unsupported.isPresent()) return no(unsupported.get(), "");
        // On a thread of its own: a ring belongs to one, and the caller's may be virtual. A kernel
        // that never comes back must not keep the server from starting.
        FutureTask<Verdict> test = new FutureTask<>(UringTransportProvider::test);
        Thread.ofPlatform().daemon().name("torc-uring-test").start(test);
        return await(test);
    }

    private static Verdict test() {
        Diagnosis diagnosis = Diagnosis.ofThisProcess();
        try {
            Probe probe = SelfTest.run();
            List<String> missing =
                    OPERATIONS_NEEDED.stream()
                            .filter(name -> !probe.supported().contains(name))
                            .toList();
            if (!missing.isEmpty()) return diagnosis.lacking(missing);
            String reason = "io_uring on Linux " + diagnosis.release();
            return new Verdict(true, reason, details(probe));
        } catch (RingException refused) {
            return diagnosis.of(refused);
        } catch (IllegalStateException otherwise) {
            return no(
                    "io_uring does not do here what Linux does: " + otherwise.getMessage(),
                    "use an unpatched kernel, without a sandbox");
        } catch (IllegalCallerException | LinkageError denied) {
            return no(
                    "native access is denied to Torc",
                    "start java with --enable-native-access=dev.torc.core,dev.torc.uring");
        }
    }

    private static Verdict await(FutureTask<Verdict> test) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return test.get(TEST_SECONDS_MAX, TimeUnit.SECONDS);
                } catch (InterruptedException again) {
                    interrupted = true; // the verdict is for the whole process
                } catch (TimeoutException late) {
                    String reason = "io_uring's self-test hung for " + TEST_SECONDS_MAX + " s";
                    return no(reason, "use an unpatched kernel, without a sandbox");
                } catch (ExecutionException bug) {
                    throw new IllegalStateException("io_uring's self-test failed", bug);
                }
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
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

    private static Verdict no(String reason, String remedy) {
        return new Verdict(false, reason, remedy, false, List.of());
    }
}
