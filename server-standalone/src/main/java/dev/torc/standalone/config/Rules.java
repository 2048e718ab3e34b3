package dev.torc.standalone.config;

import java.util.List;
import java.util.stream.Collectors;

/// Pairs with a colon between, in their order.
record Rules(String label, String allowed) implements ValueType<List<Rule>> {
    @Override
    public List<Rule> parse(String text) {
        return parseAll(List.of(text));
    }

    @Override
    public List<Rule> parseAll(List<String> texts) {
        return texts.stream().map(Rules::rule).toList();
    }

    private static Rule rule(String text) {
        int colon = text.indexOf(':');
        if (colon > 0) {
            return new Rule(text.substring(0, colon).strip(), text.substring(colon + 1).strip());
        }
        throw new IllegalArgumentException("is two parts with a colon between");
    }

    @Override
    public String format(List<Rule> value) {
        return value.stream().map(Rule::toString).collect(Collectors.joining(", "));
    }

    @Override
    public boolean isList() {
        return true;
    }
}
