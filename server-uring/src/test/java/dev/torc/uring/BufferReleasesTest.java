package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.torc.uring.abi.Syscalls;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/// What an older kernel does not know about buffers is refused before it is asked.
class BufferReleasesTest {
    private static final BufferRingSetup SETUP = BufferRingSetup.of(5, 4, 64);
    private static final int PROBE = IoUring.IORING_REGISTER_PROBE;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    void aRingOfBuffersSaysWhichKernelItNeeds() {
        assertNeeds("5.19", "5.18.0", ring -> new BufferRing(ring, SETUP));
        assertNeeds("6.4", "6.3.0", ring -> new BufferRing(ring, SETUP.withKernelMemory()));
        assertNeeds("6.12", "6.11.0", ring -> new BufferRing(ring, SETUP.withIncrements()));
        assertNeeds(
                "6.8",
                "6.7.0",
                ring -> {
                    try (BufferRing buffers = new BufferRing(ring, SETUP)) {
                        buffers.kernelHead();
                    }
                });
    }

    @Test
    void receivesSayWhichKernelTheyNeed() {
        assertGroupNeeds("6.0", "5.19.0", group -> group.recvMultishot(0, 0, 1));
        assertGroupNeeds("6.10", "6.9.0", group -> group.recvBundle(0, 0, 1));
        assertGroupNeeds("6.10", "6.9.0", group -> group.recvMultishotBundle(0, 0, 1));
    }

    private static void assertGroupNeeds(
            String needed, String release, Consumer<BufferGroup> receive) {
        assertNeeds(
                needed,
                release,
                ring -> {
                    try (BufferGroup group = BufferGroup.open(ring, SETUP)) {
                        receive.accept(group);
                    }
                });
    }

    private static void assertNeeds(String needed, String release, Consumer<Ring> use) {
        try (Ring ring = Ring.open(older(release), RingSetup.of(4))) {
            UnsupportedException refusal =
                    assertThrows(UnsupportedException.class, () -> use.accept(ring));
            assertEquals(KernelRelease.parse(needed), refusal.needed());
            assertEquals(0, ring.pendingCount());
        }
    }

    /// This kernel, but it says that it is an older one, and not which operations it has.
    private static dev.torc.uring.abi.Kernel.Source older(String release) {
        Class<?>[] types = {dev.torc.uring.abi.Kernel.class};
        return arena -> {
            Syscalls calls = new Syscalls(arena);
            InvocationHandler handler =
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("release")) return release;
                        boolean asked = method.getName().equals("register");
                        if (asked && arguments[1].equals(PROBE)) return -Errno.EINVAL;
                        return method.invoke(calls, arguments);
                    };
            Object proxy = Proxy.newProxyInstance(types[0].getClassLoader(), types, handler);
            return (dev.torc.uring.abi.Kernel) proxy;
        };
    }
}
