package dev.torc.uring.abi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

class SockAddrTest {
    @ParameterizedTest
    @CsvSource({"127.0.0.1, 8080", "255.1.2.3, 65535", "0.0.0.0, 0", "::1, 443", "2001:db8::ff, 1"})
    void readsWhatItHasWritten(String host, int port) throws UnknownHostException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), port);
        try (Arena arena = Arena.ofConfined()) {
            long memory = arena.allocate(SockAddr.IN6_BYTES, 8).fill((byte) 0xff).address();
            int bytes = SockAddr.put(memory, address);
            boolean v4 = SockAddr.family(address) == Linux.AF_INET;
            assertEquals(v4 ? SockAddr.IN_BYTES : SockAddr.IN6_BYTES, bytes);
            assertEquals(address, SockAddr.get(memory));
        }
    }

    @Test
    void portAndAddressAreInNetworkOrder() throws UnknownHostException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("1.2.3.4"), 0x1234);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(SockAddr.IN6_BYTES, 8).fill((byte) 0xff);
            SockAddr.put(memory.address(), address);
            assertArrayEquals(
                    new byte[] {2, 0, 0x12, 0x34, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, -1},
                    memory.asSlice(0, 17).toArray(ValueLayout.JAVA_BYTE));
        }
    }
}
