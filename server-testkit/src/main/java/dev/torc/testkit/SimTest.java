package dev.torc.testkit;

import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A test in a simulation: of the kernel, the network and time. Its method takes a
/// [dev.torc.testkit.sim.Simulation], starts its server on
/// [transport()][dev.torc.testkit.sim.Simulation#transport()], uses
/// [socket()][dev.torc.testkit.sim.Simulation#socket()] or any client that takes a socket, and
/// stops the server with [stop][dev.torc.testkit.sim.Simulation#stop].
///
/// Nothing in it happens by chance: the same seed gives the same run. The system property
/// `torc.sim.seed` runs one seed only.
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(SimExtension.class)
@SuppressWarnings("exports") // JUnit alone uses the class, by reflection
public @interface SimTest {
    /// The first seed.
    long value() default 0;

    /// How many seeds, counting up from the first.
    int seeds() default 1;

    /// Whether kernel and network make life hard, each seed in another way: bytes late and in
    /// pieces, queues too short, operations that end early. No connection is lost by it.
    boolean faults() default true;
}
