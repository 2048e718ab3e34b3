package dev.torc.testkit;

import dev.torc.core.StartException;
import dev.torc.testkit.sim.Faults;
import dev.torc.testkit.sim.Simulation;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The networks that [EveryNetwork] stands for.
final class Networks implements ArgumentsProvider {
    private static final String PROPERTY = "torc.test.network";

    /// Whether they work here or not.
    static List<Network> all() {
        List<Network> all = new ArrayList<>(Network.loopbacks());
        all.add(Simulation.realTime(1, Faults.none()));
        return all;
    }

    /// Those of `all` whose names the comma-separated `names` has; all of them when it is empty.
    static List<Network> named(String names, List<Network> all) {
        if (names.isBlank()) return all;
        return Arrays.stream(names.split(",")).map(name -> find(name.strip(), all)).toList();
    }

    private static Network find(String name, List<Network> all) {
        return all.stream()
                .filter(network -> network.toString().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new StartException(
                                        "-D"
                                                + PROPERTY
                                                + ": there is no '"
                                                + name
                                                + "' in "
                                                + all));
    }

    @Override
    public Stream<Arguments> provideArguments(
            ParameterDeclarations parameters, ExtensionContext context) {
        return named(System.getProperty(PROPERTY, ""), all()).stream().map(Arguments::of);
    }
}
