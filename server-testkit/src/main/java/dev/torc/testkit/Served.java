package dev.torc.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks the one static method of a [TorcTest] that starts the server under test. It takes the
/// [dev.torc.core.ServerConfig] to start it with (limits may be changed, the port must not) and
/// returns it: an `HttpServer`, a `Server`, any [dev.torc.core.RunningServer].
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Served {}
