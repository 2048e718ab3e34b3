package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;
import dev.torc.uring.constants.Linux;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/// `struct sockaddr_in` (16 bytes) and `struct sockaddr_in6` (28 bytes).
public final class SockAddr {
    public static final int IN_BYTES = 16;
    public static final int IN6_BYTES = 28;
    public static final int FAMILY = 0;
    public static final int PORT = 2;
    public static final int IN_ADDR = 4;
    public static final int IN6_ADDR = 8;
    public static final int IN6_SCOPE = 24;

    private SockAddr() {}

    public static int family(InetSocketAddress address) {
        return address.getAddress().getAddress().length == 4 ? Linux.AF_INET : Linux.AF_INET6;
    }

    /// Writes `address` and returns the bytes of its structure.
    public static int put(long target, InetSocketAddress address) {
        byte[] bytes = address.getAddress().getAddress();
        boolean v4 = bytes.length == 4;
        int size = v4 ? IN_BYTES : IN6_BYTES;
        Memory.fill(target, size, (byte) 0);
        Memory.putShort(target + FAMILY, (short) family(address));
        Memory.putShort(target + PORT, Short.reverseBytes((short) address.getPort()));
        Memory.copy(bytes, 0, target + (v4 ? IN_ADDR : IN6_ADDR), bytes.length);
        if (address.getAddress() instanceof java.net.Inet6Address v6) {
            Memory.putInt(target + IN6_SCOPE, v6.getScopeId());
        }
        return size;
    }

    /// Reads the address at `source`.
    public static InetSocketAddress get(long source) {
        boolean v4 = Memory.getShort(source + FAMILY) == Linux.AF_INET;
        byte[] bytes = new byte[v4 ? 4 : 16];
        Memory.copy(source + (v4 ? IN_ADDR : IN6_ADDR), bytes, 0, bytes.length);
        int port = Short.toUnsignedInt(Short.reverseBytes(Memory.getShort(source + PORT)));
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("4 or 16 bytes are an address", impossible);
        }
    }
}
