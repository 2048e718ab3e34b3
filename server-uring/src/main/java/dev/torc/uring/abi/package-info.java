/// The kernel's structures, constants and system calls, one class each; checked against C by a
/// test.
@NullMarked
package dev.torc.uring.abi;

import org.jspecify.annotations.NullMarked;
