/// Small programs, one for each idea; each has a `main`.
@NullMarked
package dev.torc.examples;

import org.jspecify.annotations.NullMarked;
