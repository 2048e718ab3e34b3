package dev.torc.standalone.config;

import dev.torc.core.StartException;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Settings that belong together; most of their keys start alike. Each is a constant of the class
/// that owns the group, which adds it while it is initialised, and never later.
public final class Group {
    private final String prefix;
    private final String title;
    private final List<Setting<?>> settings = new ArrayList<>();

    /// @param prefix with its dot, or empty
    Group(String prefix, String title) {
        this.prefix = prefix;
        this.title = title;
    }

    public String title() {
        return title;
    }

    public List<Setting<?>> settings() {
        return List.copyOf(settings);
    }

    <T> Setting<T> add(Setting<T> setting) {
        settings.add(setting);
        return setting;
    }

    /// A setting whose key is the prefix and `name`.
    <T> Setting<T> add(String name, ValueType<T> type, T initial, String meaning) {
        return add(Setting.of(prefix + name, type, initial, meaning));
    }

    /// What `make` makes of these settings, or why they do not go together: each value is one that
    /// there is, but they may contradict each other.
    <T> T checked(Settings given, Supplier<T> make) {
        try {
            return make.get();
        } catch (IllegalArgumentException refused) {
            StringBuilder text = new StringBuilder(inKeys(String.valueOf(refused.getMessage())));
            for (Setting<?> setting : settings) {
                if (!given.isGiven(setting)) continue;
                text.append("; ").append(setting.key()).append(" is from ");
                text.append(given.origin(setting));
            }
            throw new StartException(text.toString(), refused);
        }
    }

    /// With the names of fields, where a value is named by one, replaced by those that users know:
    /// `links must be`, `links=1`, but not the links of a sentence.
    private String inKeys(String message) {
        String text = message;
        for (Setting<?> setting : settings) {
            String field = field(setting);
            text = text.replaceAll("\\b" + field + "(?= must|=)", setting.key());
        }
        return text;
    }

    /// `connectionsMax` of `limits.connections-max`.
    String field(Setting<?> setting) {
        String key = setting.key();
        String name = key.startsWith(prefix) ? key.substring(prefix.length()) : key;
        StringBuilder field = new StringBuilder();
        for (String word : name.split("-", -1)) {
            if (field.isEmpty()) field.append(word);
            else field.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return field.toString();
    }
}
