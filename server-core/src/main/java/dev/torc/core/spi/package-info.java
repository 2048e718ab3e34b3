/// The seam between the engine and its transports: five types for connections, three for files, the
/// words for a listener that fails, and the count of each client's connections.
@NullMarked
package dev.torc.core.spi;

import org.jspecify.annotations.NullMarked;
