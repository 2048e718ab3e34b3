/// What a server can be told: each setting once, from which its flag, its variable, its key in a
/// file, the help and the reference come.
@NullMarked
package dev.torc.standalone.config;

import org.jspecify.annotations.NullMarked;
