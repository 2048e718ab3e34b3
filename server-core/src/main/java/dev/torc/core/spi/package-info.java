/// The seam between the engine and its transports: five types, and the words for a listener that
/// fails.
@NullMarked
package dev.torc.core.spi;

import org.jspecify.annotations.NullMarked;
