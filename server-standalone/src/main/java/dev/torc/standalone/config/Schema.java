package dev.torc.standalone.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// All settings.
public final class Schema {
    private Schema() {}

    public static List<Group> groups() {
        return List.of(
                ServerSettings.GROUP,
                FileSettings.GROUP,
                UploadSettings.GROUP,
                CompressionSettings.GROUP,
                OutputSettings.GROUP,
                AccessLogSettings.GROUP,
                AdminSettings.GROUP,
                ShutdownSettings.GROUP,
                FileCacheSettings.GROUP,
                LimitSettings.GROUP,
                HttpSettings.GROUP,
                TimeoutSettings.GROUP);
    }

    static Stream<Setting<?>> all() {
        return groups().stream().flatMap(group -> group.settings().stream());
    }

    static Optional<Setting<?>> byKey(String key) {
        return all().filter(setting -> setting.key().equals(key)).findFirst();
    }

    /// Keys, and the names of tables that have some.
    static Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (Setting<?> setting : all().toList()) {
            names.add(setting.key());
            int dot = setting.key().indexOf('.');
            if (dot > 0) names.add(setting.key().substring(0, dot));
        }
        return names;
    }
}
