package dev.torc.uring;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Which operations, by their names without prefix (`READ`), a test sees fail on this kernel, with
/// the errno that it expects.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Refuses {
    String[] value();
}
