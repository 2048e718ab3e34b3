/// A simulated kernel with its own time, chance and network, on which the real transport runs.
@NullMarked
package dev.torc.testkit.sim;

import org.jspecify.annotations.NullMarked;
