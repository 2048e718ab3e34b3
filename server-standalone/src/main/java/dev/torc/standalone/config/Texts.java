package dev.torc.standalone.config;

import java.util.List;

/// Texts, in their order.
record Texts(String label, String allowed) implements ValueType<List<String>> {
    @Override
    public List<String> parse(String text) {
        return parseAll(List.of(text));
    }

    @Override
    public List<String> parseAll(List<String> texts) {
        return List.copyOf(texts);
    }

    @Override
    public String format(List<String> value) {
        return String.join(", ", value);
    }

    @Override
    public boolean isList() {
        return true;
    }
}
