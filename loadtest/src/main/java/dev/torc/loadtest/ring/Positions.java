package dev.torc.loadtest.ring;

/// Where to read next: a pseudo-random block of a file. `bench.h` has the same sequence in C.
final class Positions {
    private final long blocks;
    private long state = 88172645463325252L;

    Positions(long fileBytes, int blockBytes) {
        blocks = fileBytes / blockBytes;
        if (blocks == 0) throw new IllegalArgumentException("file is too small: " + fileBytes);
    }

    /// The number of a block: Marsaglia's xorshift64.
    long next() {
        state ^= state << 13;
        state ^= state >>> 7;
        state ^= state << 17;
        return (state >>> 1) % blocks;
    }
}
