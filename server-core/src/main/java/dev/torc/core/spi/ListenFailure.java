package dev.torc.core.spi;

import dev.torc.core.StartException;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/// Why an address cannot be listened on, and what to do about it: the same words on every
/// transport.
public enum ListenFailure {
    IN_USE("the port is in use; stop the program that has it, or choose another"),
    NOT_PERMITTED("not permitted; choose a port from 1024 on, or grant CAP_NET_BIND_SERVICE"),
    NO_SUCH_ADDRESS("this machine has no such address; use one that it has, or 0.0.0.0"),
    TOO_MANY_FILES("too many open files; raise the limit (ulimit -n)");

    private final String remedy;

    ListenFailure(String remedy) {
        this.remedy = remedy;
    }

    /// For `address`.
    public StartException at(InetSocketAddress address, @Nullable Throwable cause) {
        return at(address, remedy, cause);
    }

    /// For a failure that has no constant here: `what` says which call failed, and how.
    public static StartException at(
            InetSocketAddress address, String what, @Nullable Throwable cause) {
        String host = address.getAddress().getHostAddress();
        if (host.contains(":")) host = "[" + host + "]";
        String where = host + ":" + address.getPort();
        return new StartException("cannot listen on " + where + ": " + what, cause);
    }
}
