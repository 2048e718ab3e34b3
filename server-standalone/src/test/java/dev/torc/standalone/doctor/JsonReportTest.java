package dev.torc.standalone.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.List;

class JsonReportTest {
    @Test
    void itsKeysAreThoseOfTheDocument() {
        Section flags =
                new Section("set-up flags", true, List.of(Finding.ok("CLAMP", "in use", "")));
        Section limits =
                Section.of(
                        "limits",
                        Finding.warning("nofile", "9", "10", "ulimit -n 10"),
                        Finding.shortfall("memlock", "\"1\"\n", "2", "x"));
        String json = new JsonReport(new Report(List.of(flags, limits)), "1.0").toString();
        JsonNode root = new JsonMapper().readTree(json);
        assertEquals(
                List.of("version", "starts", "shortfalls", "warnings", "sections"),
                List.copyOf(root.propertyNames()));
        assertEquals("1.0", root.get("version").asString());
        assertFalse(root.get("starts").asBoolean());
        assertEquals(1, root.get("shortfalls").asInt());
        assertEquals(1, root.get("warnings").asInt());
        JsonNode sections = root.get("sections");
        assertEquals(List.of("set_up_flags", "limits"), List.copyOf(sections.propertyNames()));
        JsonNode nofile = sections.get("limits").get(0);
        assertEquals(
                List.of("name", "state", "found", "needed", "remedy"),
                List.copyOf(nofile.propertyNames()));
        assertEquals("nofile", nofile.get("name").asString());
        assertEquals("warning", nofile.get("state").asString());
        assertEquals("ulimit -n 10", nofile.get("remedy").asString());
        assertEquals("\"1\"\n", sections.get("limits").get(1).get("found").asString());
        assertEquals("ok", sections.get("set_up_flags").get(0).get("state").asString());
    }
}
