package dev.torc.standalone.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a server has been told: flags before variables before the file before what is built in.
/// Immutable.
public final class Settings {
    private static final Origin DEFAULT = new Origin.Default();

    private final Map<String, Given> given = new HashMap<>();

    /// @param sources all that was given, the weakest first; each is checked, also what a stronger
    ///   one overrules
    /// @throws dev.torc.core.StartException for a value that there is not
    Settings(List<Given> sources) {
        for (Given each : sources) given.put(each.setting().key(), each.checked());
    }

    /// The value of a setting.
    public <T> T of(Setting<T> setting) {
        Given found = given.get(setting.key());
        return found == null ? setting.initial() : found.parsed(setting);
    }

    /// The value of one that fits into an int.
    public int intOf(Setting<Long> setting) {
        return Math.toIntExact(of(setting));
    }

    /// Whether it was told, even what is built in.
    public boolean isGiven(Setting<?> setting) {
        return given.containsKey(setting.key());
    }

    public Origin origin(Setting<?> setting) {
        Given found = given.get(setting.key());
        return found == null ? DEFAULT : found.origin();
    }
}
