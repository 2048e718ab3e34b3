package dev.torc.uring;

/// Operations on files by their path.
abstract sealed class PathSqe extends FileSqe permits SocketSqe {
    PathSqe(Ring ring, Support support, Leases leases) {
        super(ring, support, leases);
    }
}
