/// HTTP/1.1 on the wire (RFC 9112): bytes in, heads and bodies out, and back.
@NullMarked
package dev.torc.http.h1;

import org.jspecify.annotations.NullMarked;
