/// The seam between the engine and its transports: five types.
@NullMarked
package dev.torc.core.spi;

import org.jspecify.annotations.NullMarked;
