package dev.torc.standalone;

import dev.torc.uring.Eventfd;
import dev.torc.uring.RingException;

/// The way to the kernel, which the JVM makes when it is first gone: a good part of a start. So
/// another thread goes it, as far as `eventfd(2)`, while the command line is read.
final class NativeAccess {
    private NativeAccess() {}

    static void load() {
        Thread.ofPlatform().daemon().name("torc-native-access").start(NativeAccess::use);
    }

    private static void use() {
        try {
            new Eventfd().close();
        } catch (RingException | IllegalCallerException | LinkageError refused) {
            return; // the transport says why, if it is wanted
        }
    }
}
