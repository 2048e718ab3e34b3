package dev.torc.http.log;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/// The addresses of clients as text, of those that were asked for last. A connection's address is
/// one object as long as it lives, so its requests after the first find their text here. On one
/// shard's thread; allocates once for a connection, unless very many of them take turns.
final class ClientText {
    private static final int ENTRIES = 1024;
    private static final byte[] UNKNOWN = {'-'};

    private final @Nullable InetSocketAddress[] addresses = new InetSocketAddress[ENTRIES];
    private final byte[][] texts = new byte[ENTRIES][];

    ClientText() {}

    /// Compares objects: cheaper than their content, and a connection's is one.
    @SuppressWarnings("ReferenceEquality")
    byte[] of(@Nullable InetSocketAddress address) {
        if (address == null || address.getAddress() == null) return UNKNOWN;
        int entry = System.identityHashCode(address) & ENTRIES - 1;
        if (addresses[entry] != address) {
            String host = address.getAddress().getHostAddress();
            int zone = host.indexOf('%');
            String plain = zone < 0 ? host : host.substring(0, zone);
            texts[entry] = plain.getBytes(StandardCharsets.US_ASCII);
            addresses[entry] = address;
        }
        return texts[entry];
    }
}
