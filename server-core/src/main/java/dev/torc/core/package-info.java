/// Shards, buffers, timers, limits and the server's life cycle.
@NullMarked
package dev.torc.core;

import org.jspecify.annotations.NullMarked;
