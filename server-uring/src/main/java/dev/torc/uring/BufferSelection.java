package dev.torc.uring;

/// A group of buffers that the kernel picks from when data arrives: a [BufferRing].
public abstract sealed class BufferSelection extends Lendable permits BufferRing {
    BufferSelection() {}

    /// The number that operations name it by.
    public abstract int group();
}
