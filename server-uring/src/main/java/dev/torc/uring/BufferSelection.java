package dev.torc.uring;

/// A group of buffers that the kernel picks from when data arrives: a [BufferRing], or
/// [ProvidedBuffers].
public abstract sealed class BufferSelection extends Lendable permits BufferRing, ProvidedBuffers {
    /// The ring that knows them: another may have others by the same number.
    final Ring ring;

    BufferSelection(Ring ring) {
        this.ring = ring;
    }

    final void requireRing(Ring wanted) {
        if (wanted != ring) throw new IllegalArgumentException("the buffers are another ring's");
    }

    /// The number that operations name it by.
    public abstract int group();
}
