package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.Syscalls;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Whichever system call fails while something is opened: nothing remains open or mapped.
class FailingCallsTest {
    private static final int CALLS_MAX = 100;

    @BeforeAll
    static void probe() {
        dev.torc.uring.Kernel.assumeIoUring();
    }

    @Test
    void leaveNoRing() throws InterruptedException {
        failEach(kernel -> Ring.open(kernel, 8, 16).close());
        failEach(kernel -> Ring.open(kernel, RingSetup.ofOneThread(8)).close());
        int own = IoUring.IORING_SETUP_NO_MMAP;
        failEach(kernel -> Ring.open(kernel, RingSetup.of(8).withFlags(own)).close());
    }

    @Test
    void leaveNoBuffers() throws InterruptedException {
        BufferRingSetup setup = BufferRingSetup.of(0, 4, 64);
        failEach(kernel -> bufferRing(kernel, setup));
        failEach(kernel -> bufferRing(kernel, setup.withKernelMemory()));
        failEach(kernel -> bufferRing(kernel, setup.withIncrements()));
        failEach(FailingCallsTest::providedBuffers);
        failEach(FailingCallsTest::registeredBuffers);
    }

    private static void bufferRing(Kernel.Source kernel, BufferRingSetup setup) {
        try (Ring ring = Ring.open(kernel, 8, 16);
                BufferGroup group = BufferGroup.open(ring, setup)) {
            assertEquals(4, group.count());
        }
    }

    private static void providedBuffers(Kernel.Source kernel) {
        try (Ring ring = Ring.open(kernel, 8, 16);
                ProvidedBuffers buffers = new ProvidedBuffers(ring, 0, 4, 64)) {
            ring.next().prepareProvideBuffers(buffers, 0, 4, 1);
            ring.take(Rig.WAIT_NANOS);
        }
    }

    private static void registeredBuffers(Kernel.Source kernel) {
        try (IoMemory memory = IoMemory.allocate(64)) {
            try (Ring ring = Ring.open(kernel, 8, 16);
                    RegisteredBuffers buffers = RegisteredBuffers.of(ring, memory)) {
                buffers.update(0, null);
                buffers.update(0, memory);
            } finally {
                assertTrue(!memory.isLent());
            }
        }
    }

    @Test
    void leaveNothingElse() throws InterruptedException {
        RingSetup disabled = RingSetup.ofOneThread(8).withFlags(IoUring.IORING_SETUP_R_DISABLED);
        failEach(
                kernel -> {
                    try (Ring ring = Ring.open(kernel, disabled)) {
                        assertEquals(4, new WaitRegion(ring, 4).count());
                        ring.enable();
                    }
                });
        failEach(
                kernel -> {
                    try (Ring ring = Ring.open(kernel, RingSetup.ofOneThread(8))) {
                        ring.next().prepareTimeout(1, 0, 0, 1); // with memory beside the entry
                        ring.registrations().resize(16, 32);
                    }
                });
        failEach(
                kernel -> {
                    try (Ring ring = Ring.open(kernel, 8, 16);
                            DirectDescriptors table = new DirectDescriptors(ring, 4)) {
                        assertEquals(4, table.count());
                    }
                });
        failEach(kernel -> new Eventfd(kernel).close());
    }

    /// Lets each of the calls that `opening` makes fail in turn. When it is the one that takes back
    /// a ring's registered descriptor, that stays until the thread ends.
    private static void failEach(Consumer<Kernel.Source> opening) throws InterruptedException {
        OwnThread.run(() -> failEachHere(opening));
    }

    private static void failEachHere(Consumer<Kernel.Source> opening) {
        int failed = 0;
        while (failed < CALLS_MAX) {
            FailingKernel kernel = new FailingKernel(failed);
            try {
                opening.accept(kernel.source());
            } catch (RingException refusal) {
                assertTrue(kernel.calls > failed, refusal::toString);
            }
            String call = "call " + failed + " fails: " + kernel.failed;
            assertEquals(Map.of(), kernel.mappings, call);
            assertEquals(Set.of(), kernel.descriptors, call);
            if (kernel.calls <= failed) break;
            failed++;
        }
        assertTrue(failed > 0 && failed < CALLS_MAX, "failed=" + failed);
    }

    /// This machine's kernel, one of whose calls fails; it knows what is open and mapped.
    private static final class FailingKernel implements InvocationHandler {
        private final int failing;
        private final Map<Long, Long> mappings = new HashMap<>();
        private final Set<Integer> descriptors = new HashSet<>();
        private int calls;
        private String failed = "none";
        private Object real = "not open";

        FailingKernel(int failing) {
            this.failing = failing;
        }

        Kernel.Source source() {
            return arena -> {
                real = new Syscalls(arena);
                return (Kernel)
                        Proxy.newProxyInstance(
                                Kernel.class.getClassLoader(), new Class<?>[] {Kernel.class}, this);
            };
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            String name = method.getName();
            boolean ending = name.equals("munmap") || name.equals("close");
            if (!ending && !name.equals("release") && calls++ == failing) {
                failed = name;
                Class<?> type = method.getReturnType();
                return type == long.class ? (Object) (long) -Errno.ENOMEM : -Errno.ENOMEM;
            }
            Object result;
            try {
                result = method.invoke(real, arguments);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
            keep(name, arguments, result);
            return result;
        }

        private void keep(String name, Object[] arguments, Object result) {
            switch (name) {
                case "mmap" -> {
                    if ((long) result > 0) mappings.put((long) result, (long) arguments[0]);
                }
                case "munmap" -> assertEquals(mappings.remove(arguments[0]), arguments[1]);
                case "setup", "eventfd" -> {
                    if ((int) result >= 0) descriptors.add((int) result);
                }
                case "close" -> assertTrue(descriptors.remove(arguments[0]));
                default -> {}
            }
        }
    }
}
