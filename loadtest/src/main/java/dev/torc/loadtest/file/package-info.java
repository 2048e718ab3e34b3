/// One file, sent by one strategy: what it costs without anything of HTTP.
@NullMarked
package dev.torc.loadtest.file;

import org.jspecify.annotations.NullMarked;
