package dev.torc.uring.abi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
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
            assertEquals(bytes, SockAddr.bytes(address));
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

    @ParameterizedTest
    @ValueSource(strings = {"/run/a", "relative", "/run/\u00e4\u20ac"})
    void readsThePathThatItHasWritten(String path) {
        assumeTrue(
                path.length() == path.getBytes(UTF_8).length
                        || System.getProperty("sun.jnu.encoding", "").equals("UTF-8"),
                "this locale has no such paths");
        SocketAddress address = UnixDomainSocketAddress.of(path);
        try (Arena arena = Arena.ofConfined()) {
            long memory = arena.allocate(SockAddr.STORAGE_BYTES, 8).fill((byte) 0xff).address();
            int bytes = SockAddr.put(memory, address);
            assertEquals(2 + path.getBytes(UTF_8).length + 1, bytes);
            assertEquals(address, SockAddr.get(memory, bytes));
            // The kernel counts the NUL when a bound address is asked for, and may leave it out.
            assertEquals(address, SockAddr.get(memory, bytes - 1));
        }
    }

    @Test
    void readsEveryKindByItsFamily() throws UnknownHostException {
        InetSocketAddress v4 = new InetSocketAddress(InetAddress.getByName("1.2.3.4"), 5);
        InetSocketAddress v6 = new InetSocketAddress(InetAddress.getByName("2001:db8::1"), 6);
        try (Arena arena = Arena.ofConfined()) {
            long memory = arena.allocate(SockAddr.STORAGE_BYTES, 8).address();
            SocketAddress copied = v4;
            assertEquals(16, SockAddr.put(memory, copied));
            assertEquals(v4, SockAddr.get(memory, 16));
            assertNull(SockAddr.get(memory, 15));
            assertEquals(28, SockAddr.put(memory, v6));
            assertEquals(v6, SockAddr.get(memory, 28));
            assertNull(SockAddr.get(memory, 27));
        }
    }

    @Test
    void keepsTheInterfaceOfALinkLocalAddress() throws UnknownHostException {
        byte[] bytes = InetAddress.getByName("fe80::1").getAddress();
        Inet6Address scoped = Inet6Address.getByAddress(null, bytes, 7);
        try (Arena arena = Arena.ofConfined()) {
            long memory = arena.allocate(SockAddr.IN6_BYTES, 8).address();
            SockAddr.put(memory, new InetSocketAddress(scoped, 80));
            Inet6Address read = (Inet6Address) SockAddr.get(memory).getAddress();
            assertEquals(scoped, read);
            assertEquals(7, read.getScopeId());
        }
    }

    @Test
    void hasNoAddressForWhatJavaCannotSay() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(SockAddr.STORAGE_BYTES, 8);
            assertNull(SockAddr.get(memory.address(), 0));
            assertNull(SockAddr.get(memory.address(), 1));
            assertNull(SockAddr.get(memory.address(), 16), "AF_UNSPEC");
            memory.set(ValueLayout.JAVA_SHORT, 0, (short) Linux.AF_UNIX);
            assertEquals(
                    UnixDomainSocketAddress.of(""), SockAddr.get(memory.address(), 2), "unnamed");
            memory.set(ValueLayout.JAVA_BYTE, 3, (byte) 'x');
            assertNull(SockAddr.get(memory.address(), 4), "abstract");
            memory.set(ValueLayout.JAVA_BYTE, 2, (byte) 0xff);
            assertNull(SockAddr.get(memory.address(), 4), "no text");
        }
    }

    @Test
    void refusesAddressesThatNoSocketHas() {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 80);
        assertRefused(unresolved, "address must be resolved: " + unresolved);
        assertRefused(
                UnixDomainSocketAddress.of("x".repeat(108)),
                "path of a socket must have 1 to 107 bytes: bytes=108");
        assertRefused(
                UnixDomainSocketAddress.of(""),
                "path of a socket must have 1 to 107 bytes: bytes=0");
        SocketAddress other =
                new SocketAddress() {
                    @Override
                    public String toString() {
                        return "other";
                    }
                };
        assertRefused(
                other, "address must be an InetSocketAddress or a UnixDomainSocketAddress: other");
    }

    private static void assertRefused(SocketAddress address, String message) {
        try (Arena arena = Arena.ofConfined()) {
            long memory = arena.allocate(SockAddr.STORAGE_BYTES, 8).address();
            IllegalArgumentException refusal =
                    assertThrows(
                            IllegalArgumentException.class, () -> SockAddr.put(memory, address));
            assertEquals(message, refusal.getMessage());
        }
    }
}
