package dev.torc.standalone.config;

import java.util.List;

/// One of a few words.
record Choice(List<String> words) implements ValueType<String> {
    static Choice of(String... words) {
        return new Choice(List.of(words));
    }

    @Override
    public String parse(String text) {
        if (words.contains(text)) return text;
        throw new IllegalArgumentException("must be " + allowed());
    }

    @Override
    public String hint(String text) {
        return NearName.of(text, words).map(word -> ", did you mean " + word + "?").orElse("");
    }

    @Override
    public String format(String value) {
        return value;
    }

    @Override
    public String label() {
        return String.join("|", words);
    }

    @Override
    public String allowed() {
        int last = words.size() - 1;
        return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }
}
