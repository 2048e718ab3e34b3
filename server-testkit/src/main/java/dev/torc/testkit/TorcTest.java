package dev.torc.testkit;

import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A test class with a running server: the one that its [Served] method starts, on a free port of
/// the loopback interface, with one shard. Tests, constructors and lifecycle methods take it as a
/// parameter of its type, or of type [dev.torc.core.RunningServer]. A parameter of type
/// [TestClient] is a client of its own, already connected, that is closed after the test.
///
/// Before the server is stopped, every client being closed, it must let go of all connections,
/// buffers and slices, or the class (the test, if the server is restarted) fails. Clients that a
/// test has made itself it closes itself.
///
/// Where no transport that was asked for can work, the class is skipped, with the reason.
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TorcExtension.class)
@SuppressWarnings("exports") // JUnit alone uses the extension, by reflection
public @interface TorcTest {
    /// The transport's name as in [dev.torc.core.ServerConfig#transport()].
    String transport() default "auto";

    /// Whether each test has a server of its own. Otherwise all tests of the class share one.
    boolean restart() default false;

    /// How long the server may take to let go of everything once all clients are closed.
    int releaseMillis() default 5000;
}
