/// The ring: submission and completion queues, buffer rings and direct descriptors.
@NullMarked
package dev.torc.uring;

import org.jspecify.annotations.NullMarked;
