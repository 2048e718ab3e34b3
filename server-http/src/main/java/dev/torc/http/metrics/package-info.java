/// What a server does, counted, for Micrometer: an optional dependency of this package alone.
@NullMarked
package dev.torc.http.metrics;

import org.jspecify.annotations.NullMarked;
