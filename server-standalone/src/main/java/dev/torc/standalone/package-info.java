/// The `torc` command and its demo.
@NullMarked
package dev.torc.standalone;

import org.jspecify.annotations.NullMarked;
