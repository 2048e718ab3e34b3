package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// A child process that the JDK knows nothing of: it waits for those that it has made itself, and
/// would race with the test. It runs a shell, and is killed at the end of the test.
final class Child implements AutoCloseable {
    private static final boolean AARCH64 = System.getProperty("os.arch").equals("aarch64");
    private static final int NR_WAITID = AARCH64 ? 95 : 247;
    private static final int NR_PIDFD_SEND_SIGNAL = 424;
    private static final int NR_PIDFD_OPEN = 434;
    private static final int SIGKILL = 9;
    private static final int P_PIDFD = 3;
    private static final int WEXITED = 4;

    private static final MethodHandle SPAWN =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("posix_spawnp"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS));

    final int pid;

    /// A descriptor of it, which never means another process.
    final int pidFd;

    private Child(int pid) {
        this.pid = pid;
        pidFd = RingException.check("pidfd_open", Libc.call(NR_PIDFD_OPEN, pid, 0));
    }

    /// Runs `script` in a shell, with no environment.
    static Child running(String script) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment shell = arena.allocateFrom("sh");
            MemorySegment arguments = arena.allocate(ValueLayout.ADDRESS, 4);
            arguments.setAtIndex(ValueLayout.ADDRESS, 0, shell);
            arguments.setAtIndex(ValueLayout.ADDRESS, 1, arena.allocateFrom("-c"));
            arguments.setAtIndex(ValueLayout.ADDRESS, 2, arena.allocateFrom(script));
            MemorySegment none = MemorySegment.NULL;
            MemorySegment environment = arena.allocate(ValueLayout.ADDRESS);
            int error = (int) SPAWN.invokeExact(pid, shell, none, none, arguments, environment);
            assertEquals(0, error, "posix_spawnp");
            return new Child(pid.get(ValueLayout.JAVA_INT, 0));
        } catch (Throwable failure) {
            throw new AssertionError("the child does not start", failure);
        }
    }

    /// One that does nothing until it is killed.
    static Child sleeping() {
        // Without what this process writes to: who reads that, waits for the last one that has it.
        return running("exec sleep 60 </dev/null >/dev/null 2>&1");
    }

    void kill() {
        Libc.call(NR_PIDFD_SEND_SIGNAL, pidFd, SIGKILL, 0, 0);
    }

    /// Kills it, and takes what is left of it, unless that has been done.
    @Override
    public void close() {
        kill();
        Libc.call(NR_WAITID, P_PIDFD, pidFd, 0, WEXITED);
        Libc.close(pidFd);
    }
}
