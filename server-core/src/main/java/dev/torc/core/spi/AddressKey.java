package dev.torc.core.spi;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/// Whom a connection counts for, as a number: an IPv4 address, or the first 64 bits of an IPv6 one.
/// Networks give each of their customers at least 64 bits to choose from (RFC 6177), so whole
/// addresses would tell nobody from anybody.
public final class AddressKey {
    /// For a peer without an address, as that of a Unix socket: it counts for nobody. No peer has
    /// such an address; it would be a multicast one.
    public static final long NONE = -1;

    private static final int V4_MAPPED = 0xFFFF; // ::ffff:0:0/96, RFC 4291, section 2.5.5.2

    private AddressKey() {}

    /// Of an IPv4 address, its first byte the highest one.
    public static long ofV4(int address) {
        // 0000::/8 is reserved: no IPv6 peer has these bits.
        return (long) V4_MAPPED << Integer.SIZE | Integer.toUnsignedLong(address);
    }

    /// Of an IPv6 address in two halves, their first bytes the highest ones. What is an IPv4 peer
    /// of an IPv6 socket (`::ffff:192.0.2.1`) counts for its IPv4 address.
    public static long ofV6(long prefix, long host) {
        boolean mapped = prefix == 0 && host >>> Integer.SIZE == V4_MAPPED;
        return mapped ? ofV4((int) host) : prefix;
    }

    /// Of either.
    public static long of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return bytes.capacity() == Integer.BYTES
                ? ofV4(bytes.getInt())
                : ofV6(bytes.getLong(), bytes.getLong());
    }
}
