package dev.torc.standalone.config;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// All settings with their values and where each comes from, for people or for programs.
public record SettingsTable(Settings settings) {
    private static final int GAP = 2;

    /// Three columns.
    public String text() {
        List<List<String>> rows = new ArrayList<>();
        Schema.all()
                .forEach(
                        each ->
                                rows.add(
                                        List.of(each.key(), shown(each), origin(each).toString())));
        int key = width(rows, 0);
        int value = width(rows, 1);
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            text.append(row.get(0)).repeat(' ', key + GAP - row.get(0).length());
            text.append(row.get(1)).repeat(' ', value + GAP - row.get(1).length());
            text.append(row.get(2)).append('\n');
        }
        return text.toString();
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private <T> String shown(Setting<T> setting) {
        String text = setting.type().format(settings.of(setting));
        return text.isEmpty() ? "-" : text;
    }

    private Origin origin(Setting<?> setting) {
        return settings.origin(setting);
    }

    /// An array of objects: `key`, `value`, `origin`, `place`. Bytes are numbers, times texts as in
    /// a file, lists arrays.
    public String json() {
        JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        ArrayNode all = mapper.createArrayNode();
        Schema.all().forEach(setting -> put(all.addObject(), setting));
        return mapper.writeValueAsString(all) + "\n";
    }

    private <T> void put(ObjectNode node, Setting<T> setting) {
        node.put("key", setting.key());
        T value = settings.of(setting);
        switch (value) {
            case Long number -> node.put("value", number);
            case Boolean on -> node.put("value", on);
            case List<?> list -> {
                ArrayNode elements = node.putArray("value");
                for (Object element : list) elements.add(element.toString());
            }
            case Duration _ -> node.put("value", setting.type().format(value));
            default -> node.put("value", value.toString());
        }
        node.put("origin", origin(setting).kind());
        node.put("place", origin(setting).toString());
    }
}
