package dev.torc.standalone.config;

/// Any text; which ones make sense, says who uses it.
record Text(String label, String allowed) implements ValueType<String> {
    @Override
    public String parse(String text) {
        return text;
    }

    @Override
    public String format(String value) {
        return value;
    }
}
