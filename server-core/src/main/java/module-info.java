/// Shards, connections, buffers, timers and limits: the engine beneath Torc's protocols.
module dev.torc.core {
    requires static transitive org.jspecify;

    exports dev.torc.core;
    exports dev.torc.core.spi;
    exports dev.torc.core.nio to
            dev.torc.testkit;
    exports dev.torc.core.memory to
            dev.torc.uring,
            dev.torc.http,
            dev.torc.testkit;

    uses dev.torc.core.spi.TransportProvider;

    provides dev.torc.core.spi.TransportProvider with
            dev.torc.core.nio.NioTransportProvider;
}
