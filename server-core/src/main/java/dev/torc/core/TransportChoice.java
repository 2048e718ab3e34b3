package dev.torc.core;

import dev.torc.core.spi.TransportProvider;

import java.util.List;
import java.util.stream.Collectors;

/// The transport that a server runs on, and why.
///
/// @param reason what it found on this machine
/// @param passedOver the better ones that `auto` could not take, best first
public record TransportChoice(String name, String reason, List<PassedOver> passedOver) {
    /// A transport that does not work here: what refused it, and what to do (may be empty).
    public record PassedOver(String name, String reason, String remedy) {
        @Override
        public String toString() {
            String why = name + " was passed over: " + reason;
            return remedy.isEmpty() ? why : why + "; " + remedy;
        }
    }

    /// Chooses as [Server#start] does, without starting anything.
    ///
    /// @throws StartException when no server could start, with the cause and the remedy
    public static TransportChoice of(ServerConfig config) {
        return TransportSelection.of(config.transport(), TransportProvider.installed()).choice();
    }

    public TransportChoice {
        passedOver = List.copyOf(passedOver);
    }

    /// One line: `uring: io_uring on Linux 6.18`, or what was passed over.
    @Override
    public String toString() {
        String why =
                passedOver.isEmpty()
                        ? reason
                        : passedOver.stream()
                                .map(PassedOver::toString)
                                .collect(Collectors.joining(". "));
        return name + ": " + why;
    }
}
