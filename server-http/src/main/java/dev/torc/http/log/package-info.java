/// The access log.
@NullMarked
package dev.torc.http.log;

import org.jspecify.annotations.NullMarked;
