package dev.torc.core;

import dev.torc.core.spi.TransportProvider;
import dev.torc.core.spi.TransportProvider.Verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The provider that a server starts with, and those that were better but do not work here.
record TransportSelection(TransportProvider provider, List<TransportProvider> passedOver) {
    /// Chooses among `known`, the best first. A transport asked for by name must work; `auto` takes
    /// the best that does.
    ///
    /// @throws StartException when none does, or when a better one lacks only a resource that can
    ///   be had: a server on a slower transport would hide that
    static TransportSelection of(String name, List<TransportProvider> known) {
        if (known.isEmpty()) {
            throw new StartException(
                    "no transport found: add torc-uring to the module or class path");
        }
        return name.equals(ServerConfig.AUTO) ? best(known) : named(name, known);
    }

    /// The caller's own.
    static TransportSelection of(TransportProvider provider) {
        return new TransportSelection(provider, List.of());
    }

    TransportChoice choice() {
        return new TransportChoice(
                provider.name(),
                provider.verdict().reason(),
                passedOver.stream()
                        .map(
                                better ->
                                        new TransportChoice.PassedOver(
                                                better.name(),
                                                better.verdict().reason(),
                                                better.verdict().remedy()))
                        .toList());
    }

    private static TransportSelection best(List<TransportProvider> known) {
        List<TransportProvider> passedOver = new ArrayList<>();
        for (TransportProvider candidate : known) {
            Verdict verdict = candidate.verdict();
            if (verdict.works()) return new TransportSelection(candidate, passedOver);
            if (verdict.exhausted()) throw new StartException(verdict.message());
            passedOver.add(candidate);
        }
        throw new StartException(
                known.stream()
                        .map(provider -> provider.name() + ": " + provider.verdict().message())
                        .collect(Collectors.joining(". ", "no transport works here: ", "")));
    }

    private static TransportSelection named(String name, List<TransportProvider> known) {
        for (TransportProvider candidate : known) {
            if (!candidate.name().equals(name)) continue;
            if (!candidate.verdict().works()) {
                throw new StartException(candidate.verdict().message());
            }
            return new TransportSelection(candidate, List.of());
        }
        String names = String.join(", ", known.stream().map(TransportProvider::name).toList());
        throw new StartException("there is no transport '" + name + "': choose auto, " + names);
    }
}
