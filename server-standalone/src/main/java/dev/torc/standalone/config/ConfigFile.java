package dev.torc.standalone.config;

import dev.torc.core.StartException;

import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A configuration file in TOML.
final class ConfigFile {
    private static final long BYTES_MAX = 1 << 20;

    private final KeyPlaces places;
    private final List<Given> given = new ArrayList<>();

    private ConfigFile(KeyPlaces places) {
        this.places = places;
    }

    /// @throws StartException if it cannot be read or has what is no setting; says where
    static List<Given> read(String name) {
        String text = text(name);
        ConfigFile file = new ConfigFile(new KeyPlaces(name, text));
        file.addTable("", tree(name, text));
        return file.given;
    }

    private static String text(String name) {
        try {
            Path path = Path.of(name);
            if (!Files.isDirectory(path) && Files.size(path) <= BYTES_MAX) {
                return Files.readString(path);
            }
            throw new StartException(
                    "the configuration file must be a file of up to 1 MiB: " + name);
        } catch (NoSuchFileException absent) {
            throw new StartException("there is no configuration file " + name, absent);
        } catch (MalformedInputException binary) {
            throw new StartException("the configuration file is not UTF-8: " + name, binary);
        } catch (AccessDeniedException denied) {
            throw new StartException(
                    "this user may not read the configuration file " + name, denied);
        } catch (IOException unreadable) {
            throw new StartException(
                    "the configuration file " + name + " cannot be read: " + unreadable,
                    unreadable);
        }
    }

    private static JsonNode tree(String name, String text) {
        try {
            return new TomlMapper().readTree(text);
        } catch (JacksonException malformed) {
            TokenStreamLocation at = malformed.getLocation();
            Origin place = new Origin.File(name, at.getLineNr(), at.getColumnNr());
            throw new StartException(
                    place + ": not TOML: " + malformed.getOriginalMessage(), malformed);
        }
    }

    private void addTable(String prefix, JsonNode table) {
        for (var property : table.properties()) {
            String path = prefix + property.getKey();
            JsonNode value = property.getValue();
            if (value.isObject() && isGroup(path)) addTable(path + ".", value);
            else add(path, value);
        }
    }

    private static boolean isGroup(String path) {
        return Schema.all().anyMatch(setting -> setting.key().startsWith(path + "."));
    }

    private void add(String path, JsonNode value) {
        Setting<?> setting = Schema.byKey(path).orElseThrow(() -> unknown(path));
        boolean fits = value.isArray() ? setting.type().isList() : value.isValueNode();
        List<String> texts = new ArrayList<>();
        if (value.isArray()) {
            for (JsonNode element : value) {
                fits &= element.isString();
                texts.add(element.asString(""));
            }
        } else if (fits) {
            texts.add(value.asString());
        }
        if (!fits) {
            String wanted = setting.type().isList() ? "an array of strings" : "one value";
            throw new StartException(places.of(path) + ": " + path + " must be " + wanted);
        }
        given.add(new Given(setting, texts, places.of(path)));
    }

    private StartException unknown(String path) {
        String near =
                NearName.of(path, Schema.names())
                        .map(other -> ", did you mean " + other + "?")
                        .orElse(": torc config reference lists all");
        return new StartException(places.of(path) + ": no setting is called " + path + near);
    }
}
