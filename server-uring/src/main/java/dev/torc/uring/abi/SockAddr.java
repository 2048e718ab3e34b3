package dev.torc.uring.abi;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.memory.Memory;
import dev.torc.uring.constants.Linux;

import org.jspecify.annotations.Nullable;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.util.Arrays;

/// `struct sockaddr_in` (16 bytes), `struct sockaddr_in6` (28), `struct sockaddr_un` (110), and
/// what has room for each of them: `struct sockaddr_storage` (128).
public final class SockAddr {
    public static final int STORAGE_BYTES = 128;
    public static final int IN_BYTES = 16;
    public static final int IN6_BYTES = 28;
    public static final int UN_BYTES = 110;
    public static final int FAMILY = 0;
    public static final int PORT = 2;
    public static final int IN_ADDR = 4;
    public static final int IN6_ADDR = 8;
    public static final int IN6_SCOPE = 24;
    public static final int UN_PATH = 2;

    private static final int PATH_BYTES_MAX = UN_BYTES - UN_PATH - 1; // and a NUL

    private SockAddr() {}

    public static int family(InetSocketAddress address) {
        return address.getAddress().getAddress().length == 4 ? Linux.AF_INET : Linux.AF_INET6;
    }

    /// Bytes of the structure of `address`.
    public static int bytes(InetSocketAddress address) {
        return family(address) == Linux.AF_INET ? IN_BYTES : IN6_BYTES;
    }

    /// Writes `address`, for which `target` has room, and returns the bytes of its structure.
    ///
    /// @throws IllegalArgumentException when it is unresolved, a path that is empty or has more
    ///   than 107 bytes of UTF-8, or of another kind
    public static int put(long target, SocketAddress address) {
        return switch (address) {
            case InetSocketAddress inet -> put(target, inet);
            case UnixDomainSocketAddress unix -> putPath(target, unix.getPath().toString());
            default ->
                    throw new IllegalArgumentException(
                            "address must be an InetSocketAddress or a UnixDomainSocketAddress: "
                                    + address);
        };
    }

    /// Writes `address` and returns the bytes of its structure.
    ///
    /// @throws IllegalArgumentException when it is unresolved
    public static int put(long target, InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("address must be resolved: " + address);
        }
        byte[] bytes = address.getAddress().getAddress();
        boolean v4 = bytes.length == 4;
        int size = v4 ? IN_BYTES : IN6_BYTES;
        Memory.fill(target, size, (byte) 0);
        Memory.putShort(target + FAMILY, (short) (v4 ? Linux.AF_INET : Linux.AF_INET6));
        Memory.putShort(target + PORT, Short.reverseBytes((short) address.getPort()));
        Memory.copy(bytes, 0, target + (v4 ? IN_ADDR : IN6_ADDR), bytes.length);
        if (address.getAddress() instanceof Inet6Address v6) {
            Memory.putInt(target + IN6_SCOPE, v6.getScopeId());
        }
        return size;
    }

    private static int putPath(long target, String path) {
        byte[] bytes = path.getBytes(UTF_8);
        if (bytes.length == 0 || bytes.length > PATH_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "path of a socket must have 1 to 107 bytes: bytes=" + bytes.length);
        }
        Memory.putShort(target + FAMILY, (short) Linux.AF_UNIX);
        Memory.copy(bytes, 0, target + UN_PATH, bytes.length);
        Memory.putByte(target + UN_PATH + bytes.length, (byte) 0);
        return UN_PATH + bytes.length + 1;
    }

    /// Reads the IPv4 or IPv6 address at `source`.
    public static InetSocketAddress get(long source) {
        boolean v4 = Memory.getShort(source + FAMILY) == Linux.AF_INET;
        byte[] bytes = new byte[v4 ? 4 : 16];
        Memory.copy(source + (v4 ? IN_ADDR : IN6_ADDR), bytes, 0, bytes.length);
        int port = Short.toUnsignedInt(Short.reverseBytes(Memory.getShort(source + PORT)));
        int scope = v4 ? 0 : Memory.getInt(source + IN6_SCOPE);
        try {
            InetAddress address =
                    scope == 0
                            ? InetAddress.getByAddress(bytes)
                            : Inet6Address.getByAddress(null, bytes, scope);
            return new InetSocketAddress(address, port);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("4 or 16 bytes are an address", impossible);
        }
    }

    /// Reads the address of `bytes` bytes at `source`: a path is empty for a socket without a name.
    /// Null when it is of another family, cut off, or a name that is not a path.
    public static @Nullable SocketAddress get(long source, int bytes) {
        if (bytes < FAMILY + Short.BYTES) return null;
        int family = Memory.getShort(source + FAMILY);
        if (family == Linux.AF_INET && bytes >= IN_BYTES) return get(source);
        if (family == Linux.AF_INET6 && bytes >= IN6_BYTES) return get(source);
        return family == Linux.AF_UNIX ? path(source + UN_PATH, bytes - UN_PATH) : null;
    }

    private static @Nullable SocketAddress path(long path, int bytes) {
        int room = Math.min(bytes, UN_BYTES - UN_PATH);
        int length = 0;
        while (length < room && Memory.getByte(path + length) != 0) length++;
        if (length == 0 && room > 0) return null; // abstract: a NUL, then the name
        byte[] text = new byte[length];
        Memory.copy(path, text, 0, length);
        String name = new String(text, UTF_8);
        if (!Arrays.equals(name.getBytes(UTF_8), text)) return null;
        try {
            return UnixDomainSocketAddress.of(name);
        } catch (InvalidPathException notInThisLocale) {
            return null;
        }
    }
}
