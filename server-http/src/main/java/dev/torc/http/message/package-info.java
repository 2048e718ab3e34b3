/// A request's head as offsets into the bytes it came in: what the protocol hands to the semantics.
@NullMarked
package dev.torc.http.message;

import org.jspecify.annotations.NullMarked;
