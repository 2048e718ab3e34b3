package dev.torc.core.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

class AddressKeyTest {
    private static long key(String literal) {
        return AddressKey.of(InetAddress.ofLiteral(literal));
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:1:2::1, 2001:db8:1:2:ffff:ffff:ffff:ffff",
        "2001:db8:1:2::, 2001:db8:1:2:8000::1",
        "::1, ::2",
        "fe80::1, fe80::2",
    })
    void theFirst64BitsOfAnIpv6AddressAreOneClient(String one, String other) {
        assertEquals(key(one), key(other));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.2",
        "0.0.0.0, 255.255.255.255",
        "2001:db8:1:2::1, 2001:db8:1:3::1",
        "2001:db8:1:2::1, 3001:db8:1:2::1",
        "::1, 0.0.0.1",
        "::1, 127.0.0.1",
        "::127.0.0.1, 127.0.0.1",
        "64:ff9b::192.0.2.1, 192.0.2.1",
        "127.0.0.1, 2001:db8::127.0.0.1",
    })
    void othersAreTwo(String one, String other) {
        assertNotEquals(key(one), key(other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "192.0.2.255", "255.255.255.255", "::", "::1"})
    void everyAddressCountsForSomebody(String literal) {
        assertNotEquals(AddressKey.NONE, key(literal));
    }

    /// [InetAddress#getByAddress] makes an `Inet4Address` of it; what the kernel tells is not one.
    @Test
    void anIpv4PeerOfAnIpv6SocketIsItsIpv4Address() throws UnknownHostException {
        byte[] bytes = new byte[16];
        bytes[10] = -1;
        bytes[11] = -1;
        bytes[12] = (byte) 192;
        bytes[14] = 2;
        bytes[15] = 1;
        InetAddress mapped = Inet6Address.getByAddress(null, bytes, -1);
        assertEquals(16, mapped.getAddress().length);
        assertEquals(key("192.0.2.1"), AddressKey.of(mapped));
        assertEquals(key("192.0.2.1"), AddressKey.ofV4(0xC0000201));
        assertEquals(key("192.0.2.1"), AddressKey.ofV6(0, 0xFFFFC0000201L));
        assertNotEquals(key("192.0.2.1"), AddressKey.ofV6(1, 0xFFFFC0000201L));
        assertNotEquals(key("192.0.2.1"), AddressKey.ofV6(0, 0x1FFFFC0000201L));
    }
}
