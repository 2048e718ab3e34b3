package dev.torc.http;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;
import org.junit.platform.commons.support.ReflectionSupport;

import java.util.stream.Stream;

/// Gives Jazzer the seeds of the target that it is about to run.
final class FuzzSeeds implements ArgumentsProvider {
    FuzzSeeds() {}

    @Override
    public Stream<Arguments> provideArguments(
            ParameterDeclarations parameters, ExtensionContext context) {
        FuzzTarget target =
                (FuzzTarget) ReflectionSupport.newInstance(context.getRequiredTestClass());
        return target.seeds().stream().map(Arguments::of);
    }
}
