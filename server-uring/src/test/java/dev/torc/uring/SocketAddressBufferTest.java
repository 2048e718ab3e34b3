package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SockAddr;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;

class SocketAddressBufferTest {
    private static final InetSocketAddress ADDRESS =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);

    @Test
    void readsWhatTheKernelHasWritten() {
        try (SocketAddressBuffer buffer = new SocketAddressBuffer()) {
            assertNull(buffer.address());
            buffer.clear();
            assertEquals(128, Memory.getInt(buffer.lengthAddress()));
            write(buffer, SockAddr.put(buffer.storageAddress(), ADDRESS));
            assertEquals(ADDRESS, buffer.address());
            buffer.clear();
            assertNull(buffer.address(), "nothing of the address before");
        }
    }

    private static void write(SocketAddressBuffer buffer, int bytes) {
        Memory.putInt(buffer.lengthAddress(), bytes);
    }

    @Test
    void doesNotBelieveLengthsOfTheKernel() {
        try (SocketAddressBuffer buffer = new SocketAddressBuffer()) {
            buffer.clear();
            SockAddr.put(buffer.storageAddress(), UnixDomainSocketAddress.of("x".repeat(107)));
            write(buffer, Integer.MAX_VALUE);
            assertEquals(UnixDomainSocketAddress.of("x".repeat(107)), buffer.address());
            write(buffer, -1);
            assertNull(buffer.address());
        }
    }

    @Test
    void servesOneOperationAtATime() {
        SocketAddressBuffer buffer = new SocketAddressBuffer();
        buffer.lend();
        assertThrows(IllegalStateException.class, buffer::address);
        assertThrows(IllegalStateException.class, buffer::clear);
        buffer.close();
        assertTrue(buffer.isLent());
        buffer.giveBack();
        assertFalse(buffer.isLent());
        assertThrows(IllegalStateException.class, buffer::address);
        assertThrows(IllegalStateException.class, buffer::clear);
        assertThrows(IllegalStateException.class, buffer::lend);
    }
}
