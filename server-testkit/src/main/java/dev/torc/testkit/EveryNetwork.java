package dev.torc.testkit;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Runs a test class once on each [Network]: every transport that is found, those that cannot work
/// here being skipped with their reason. The class takes the network by a field, `@Parameter
/// Network network;`, and starts its servers in `@BeforeEach` or later: `@BeforeAll` comes before
/// any network.
///
/// The system property `torc.test.network` restricts the tests to the networks it names, as in
/// `-Dtorc.test.network=nio` or `uring,nio`.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass(name = "{0}")
@ArgumentsSource(Networks.class)
@ExtendWith(NetworkProbe.class)
@SuppressWarnings("exports") // JUnit alone uses the two classes, by reflection
public @interface EveryNetwork {
    /// Whether the class needs a network that other programs reach; it is skipped on any other.
    boolean real() default false;
}
