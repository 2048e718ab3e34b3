package dev.torc.standalone.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What is told of all settings: the page in `docs`, and `torc config print`.
class ReferenceTest {
    private static Path page() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("docs"))) {
            root = Objects.requireNonNull(root.getParent(), "no docs above");
        }
        return root.resolve("docs/configuration.md");
    }

    @Test
    void thePageIsUpToDate() throws IOException {
        assertEquals(
                Reference.markdown(),
                Files.readString(page()),
                "write it again: ./torc config reference > docs/configuration.md");
    }

    @Test
    void theExampleOnThePageIsAFileThatWorks() throws IOException {
        String page = Reference.markdown();
        int start = page.indexOf("```toml\n") + "```toml\n".length();
        Path file = Files.createTempFile("example", ".toml");
        try {
            Files.writeString(file, page.substring(start, page.indexOf("```", start)));
            Arguments named = new Arguments(List.of(), Set.of(), file.toString(), List.of());
            Settings settings = named.settings(Map.of());
            assertEquals(8081, settings.of(ServerSettings.PORT));
            assertEquals(64 << 20, settings.of(LimitSettings.POOL_BYTES_MAX));
            assertEquals(2, settings.of(FileSettings.CACHE_RULES).size());
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void theTableHasEveryValueAndItsOriginInColumns() {
        Flags flags = new Flags("serve", Schema.groups(), List.of());
        Settings settings =
                flags.parse(List.of("--limits-connections-max", "7"))
                        .settings(Map.of("TORC_FILES_HEADERS", "A: b"));
        String text = new SettingsTable(settings).text();
        List<String> lines = text.lines().toList();
        assertEquals(Schema.all().count(), lines.size());
        assertTrue(text.contains("\nlimits.connections-max "), text);
        int column = lines.getFirst().indexOf("default");
        for (String line : lines) assertEquals(' ', line.charAt(column - 1), line);
        String limit = lines.stream().filter(line -> line.contains("ns-max ")).findFirst().get();
        assertTrue(limit.endsWith(" --limits-connections-max"), limit);
        JsonNode all = new JsonMapper().readTree(new SettingsTable(settings).json());
        assertEquals(lines.size(), all.size());
        for (JsonNode each : all) {
            if (each.get("key").asString().equals("limits.connections-max")) {
                assertEquals(7, each.get("value").asInt());
                assertEquals("flag", each.get("origin").asString());
            } else if (each.get("key").asString().equals("files.headers")) {
                assertEquals("A: b", each.get("value").get(0).asString());
                assertEquals("TORC_FILES_HEADERS", each.get("place").asString());
            } else {
                assertEquals("default", each.get("origin").asString());
            }
        }
    }
}
