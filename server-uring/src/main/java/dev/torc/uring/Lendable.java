package dev.torc.uring;

/// Memory that operations hold: it is lent to the kernel with an operation, and given back with the
/// operation's last completion. Until then it is neither freed nor used for anything else, however
/// early its owner closes it.
abstract class Lendable {
    /// Whether Torc looks after its life. Otherwise the program does, and it is not lent.
    boolean isManaged() {
        return true;
    }

    /// Lends it to one more operation.
    ///
    /// @throws IllegalStateException when it has been closed
    abstract void lend();

    /// An operation has ended.
    abstract void giveBack();
}
