/// What every transport does: one suite that all of them pass.
@NullMarked
package dev.torc.testkit.contract;

import org.jspecify.annotations.NullMarked;
