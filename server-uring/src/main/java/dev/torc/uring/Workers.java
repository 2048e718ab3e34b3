package dev.torc.uring;

/// How many kernel threads a ring may start for operations that must block, per NUMA node.
///
/// @param bounded for files and the like, whose operations end by themselves
/// @param unbounded for sockets and the like, which may wait for ever
public record Workers(int bounded, int unbounded) {}
