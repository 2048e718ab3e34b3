package dev.torc.uring;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Which operations, by their names without prefix (`READ`), a test sees succeed on this kernel.
/// The table in `docs/uring-operations.md` is made of these.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Does {
    String[] value();
}
