/// Raw native memory; a seam between Torc's own modules, not for applications.
@NullMarked
package dev.torc.core.memory;

import org.jspecify.annotations.NullMarked;
