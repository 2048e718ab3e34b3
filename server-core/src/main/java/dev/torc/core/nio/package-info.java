/// Connections on the JDK's own selectors: the transport that works everywhere.
@NullMarked
package dev.torc.core.nio;

import org.jspecify.annotations.NullMarked;
