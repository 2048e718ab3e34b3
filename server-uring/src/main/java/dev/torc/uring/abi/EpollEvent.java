package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;

import java.util.Locale;

/// `struct epoll_event`: 16 bytes, but packed to 12 on x86-64.
public final class EpollEvent {
    private static final boolean PACKED =
            !System.getProperty("os.arch").toLowerCase(Locale.ROOT).equals("aarch64");

    public static final int BYTES = PACKED ? 12 : 16;
    public static final int EVENTS = 0;
    public static final int DATA = PACKED ? 4 : 8;

    private EpollEvent() {}

    public static void put(long event, int events, long data) {
        Memory.putInt(event + EVENTS, events);
        Memory.putLong(event + DATA, data);
    }
}
