package dev.torc.uring;

/// A group of buffers that the kernel picks from when data arrives: a [BufferRing], or
/// [ProvidedBuffers].
public abstract sealed class BufferSelection extends Lendable permits BufferRing, ProvidedBuffers {
    BufferSelection() {}

    /// The number that operations name it by.
    public abstract int group();
}
