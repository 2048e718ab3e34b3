/// Connections on the ring.
@NullMarked
package dev.torc.uring.transport;

import org.jspecify.annotations.NullMarked;
