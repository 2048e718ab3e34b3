/// JSON through Jackson, which servers that use this package depend on.
@NullMarked
package dev.torc.http.json;

import org.jspecify.annotations.NullMarked;
