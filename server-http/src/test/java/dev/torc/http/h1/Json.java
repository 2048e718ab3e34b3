package dev.torc.http.h1;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads one well-formed JSON value: all that the corpus needs.
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /// A map, a list, a string, a double, a boolean or null.
    static @Nullable Object read(String text) {
        return new Json(text).value();
    }

    private @Nullable Object value() {
        skipWhitespace();
        return switch (text.charAt(at)) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            default -> literal();
        };
    }

    private Map<String, @Nullable Object> object() {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (next() != '}') {
            skipWhitespace();
            if (text.charAt(at) == '}') continue;
            String name = string();
            skipWhitespace();
            at++; // the colon
            object.put(name, value());
            skipWhitespace();
        }
        return object;
    }

    private List<@Nullable Object> array() {
        List<@Nullable Object> array = new ArrayList<>();
        while (next() != ']') {
            skipWhitespace();
            if (text.charAt(at) == ']') continue;
            array.add(value());
            skipWhitespace();
        }
        return array;
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        at++; // the opening quote
        while (true) {
            char character = next();
            if (character == '"') return string.toString();
            string.append(character == '\\' ? escaped() : character);
        }
    }

    private char escaped() {
        char character = next();
        return switch (character) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                at += 4;
                yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
            }
            default -> character;
        };
    }

    private @Nullable Object literal() {
        int start = at;
        while (at < text.length() && ",]} ".indexOf(text.charAt(at)) < 0) at++;
        String literal = text.substring(start, at);
        return switch (literal) {
            case "null" -> null;
            case "true", "false" -> Boolean.valueOf(literal);
            default -> Double.valueOf(literal);
        };
    }

    private void skipWhitespace() {
        while (text.charAt(at) == ' ') at++;
    }

    private char next() {
        return text.charAt(at++);
    }
}
