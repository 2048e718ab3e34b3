package dev.torc.standalone.config;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a command line says.
///
/// @param given settings
/// @param options other flags that were given, such as `--json`
/// @param file what `--config` names
/// @param rest what is no flag
public record Arguments(
        List<Given> given, Set<String> options, @Nullable String file, List<String> rest) {

    /// These, and an argument that is no flag for the setting that it stands for.
    public Arguments with(Setting<?> setting, String argument) {
        List<Given> all = new ArrayList<>(given);
        all.add(new Given(setting, List.of(argument), new Origin.Flag("DIR")));
        return new Arguments(all, options, file, rest);
    }

    /// Whether the command line says something of this setting.
    public boolean has(Setting<?> setting) {
        return given.stream().anyMatch(each -> each.setting().key().equals(setting.key()));
    }

    /// With what the environment and the file say, which count less.
    ///
    /// @throws dev.torc.core.StartException for what is wrong in any of them, with its place
    public Settings settings(Map<String, String> environment) {
        List<Given> all = new ArrayList<>();
        String name = file == null ? environment.getOrDefault(Variables.CONFIG, "") : file;
        if (!name.isEmpty()) all.addAll(ConfigFile.read(name));
        all.addAll(Variables.read(environment));
        all.addAll(given);
        return new Settings(all);
    }
}
