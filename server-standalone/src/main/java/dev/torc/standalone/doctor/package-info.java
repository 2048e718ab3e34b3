/// `torc doctor`: what this machine offers a server, beside what the server needs.
@NullMarked
package dev.torc.standalone.doctor;

import org.jspecify.annotations.NullMarked;
