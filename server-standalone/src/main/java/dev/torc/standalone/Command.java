package dev.torc.standalone;

import dev.torc.standalone.config.Arguments;
import dev.torc.standalone.config.Group;

import java.util.List;

/// One thing that `torc` does.
interface Command {
    /// One word, or two.
    String name();

    /// One or two sentences.
    String description();

    /// The settings that it looks at; no flag but these is for it.
    default List<Group> groups() {
        return List.of();
    }

    /// Whether an argument that is no flag may say which directory is served.
    default boolean takesDirectory() {
        return false;
    }

    /// Flags of its own, which have no value.
    default List<OwnFlag> flags() {
        return List.of();
    }

    /// What the help says at its end, a line each.
    default List<String> notes() {
        return List.of();
    }

    /// Does it, and returns the exit code.
    ///
    /// @throws dev.torc.core.StartException if it cannot be done as asked
    int run(Arguments arguments) throws InterruptedException;

    /// A flag that is no setting.
    record OwnFlag(String name, String meaning) {}
}
