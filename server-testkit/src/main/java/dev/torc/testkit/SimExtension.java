package dev.torc.testkit;

import dev.torc.testkit.sim.Faults;
import dev.torc.testkit.sim.Simulation;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Runs a [SimTest] once for each of its seeds, in a simulation of its own.
final class SimExtension implements TestTemplateInvocationContextProvider {
    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
            ExtensionContext context) {
        SimTest test =
                AnnotationSupport.findAnnotation(context.getElement(), SimTest.class).orElseThrow();
        Long only = Long.getLong("torc.sim.seed");
        LongStream seeds =
                only == null
                        ? LongStream.range(test.value(), test.value() + test.seeds())
                        : LongStream.of(only);
        return seeds.mapToObj(seed -> new Seeded(seed, test.faults()));
    }

    /// One seed's run.
    private record Seeded(long seed, boolean faulty) implements TestTemplateInvocationContext {
        @Override
        public String getDisplayName(int index) {
            return "-Dtorc.sim.seed=" + seed;
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            // An accept that fails may cost its client the connection, which no test expects.
            SplittableRandom chance = new SplittableRandom(seed);
            Faults faults = faulty ? Faults.drawn(chance).withFailedAccept(0) : Faults.none();
            return List.of(new Given(Simulation.virtual(seed, faults)));
        }
    }

    /// Hands the simulation to the test; finds what the test has left in it.
    private record Given(Simulation simulation) implements ParameterResolver, AfterEachCallback {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Simulation.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return simulation;
        }

        @Override
        public void afterEach(ExtensionContext context) {
            if (context.getExecutionException().isEmpty()) simulation.close();
        }
    }
}
