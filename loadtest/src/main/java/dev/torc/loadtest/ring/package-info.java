/// What `loadtest/ring.py` measures of the ring, each beside the same in C (`loadtest/ring`).
@NullMarked
package dev.torc.loadtest.ring;

import org.jspecify.annotations.NullMarked;
