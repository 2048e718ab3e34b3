package dev.torc.uring;

/// Operations on sockets that take a message header, or a command.
abstract sealed class MessageSqe extends TransferSqe permits WaitSqe {
    MessageSqe(Ring ring, Support support, Leases leases) {
        super(ring, support, leases);
    }
}
