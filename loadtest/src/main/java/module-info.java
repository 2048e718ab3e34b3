/// Benchmarks of the ring, which `loadtest/ring.py` runs beside the same in C, and a server of one
/// file.
module dev.torc.loadtest {
    requires static org.jspecify;
    requires dev.torc.uring;
    requires java.management;
    requires jdk.management;
    requires jdk.unsupported; // ExtendedOpenOption.DIRECT
}
