/// Handlers that serve files.
@NullMarked
package dev.torc.http.file;

import org.jspecify.annotations.NullMarked;
