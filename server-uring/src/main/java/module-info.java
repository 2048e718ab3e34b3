/// io_uring in pure Java, and the transport built on it.
module dev.torc.uring {
    requires static transitive org.jspecify;
    requires transitive dev.torc.core;

    exports dev.torc.uring;
    exports dev.torc.uring.constants;
    exports dev.torc.uring.abi to
            dev.torc.testkit;
    exports dev.torc.uring.transport to
            dev.torc.testkit;

    provides dev.torc.core.spi.TransportProvider with
            dev.torc.uring.transport.UringTransportProvider;
}
