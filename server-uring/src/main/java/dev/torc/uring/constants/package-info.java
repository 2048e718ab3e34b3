/// The numbers of Linux's headers, in C spelling, checked against C by a test.
@NullMarked
package dev.torc.uring.constants;

import org.jspecify.annotations.NullMarked;
