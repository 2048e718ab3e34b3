package dev.torc.http;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A route's path as the developer writes it, decoded: `/a b`, `/hello/{name}`, `/users/{id:int}`,
/// `/static/{rest...}`.
///
/// Segments are what stands between slashes. `{name}` takes one whole segment that is not empty,
/// `{name:type}` one that is of this type, `{rest...}` takes all that remain. A final slash is a
/// last segment that is empty, so `/a` and `/a/` are two templates.
record RouteTemplate(String text, List<Segment> segments, List<String> parameterNames) {
    /// The most parameters a template may have.
    static final int PARAMETERS_MAX = 16;

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");
    private static final Pattern TRIPLET = Pattern.compile("%[0-9A-Fa-f]{2}");

    sealed interface Segment {}

    record Literal(String text) implements Segment {}

    /// A parameter of any kind.
    sealed interface Named extends Segment {
        String name();
    }

    record Parameter(String name) implements Named {}

    record Typed(String name, ParameterTypes.Named type) implements Named {}

    record Rest(String name) implements Named {}

    /// Reads a template.
    ///
    /// @throws IllegalArgumentException if it is malformed, saying how
    static RouteTemplate parse(String text, ParameterTypes types) {
        if (!text.startsWith("/")) throw refused("must start with '/'", text);
        checkCharacters(text);
        List<Segment> segments = new ArrayList<>();
        List<String> names = new ArrayList<>();
        String[] parts = text.substring(1).split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            if (parts[i].isEmpty() && !last) throw refused("must not have an empty segment", text);
            Segment segment = segment(parts[i], text, types);
            if (segment instanceof Rest && !last) {
                throw refused("must end with its {name...}", text);
            }
            if (segment instanceof Named named) addName(named.name(), names, text);
            segments.add(segment);
        }
        return new RouteTemplate(text, List.copyOf(segments), List.copyOf(names));
    }

    /// The type of the parameter at `index`; null if it has none.
    ParameterTypes.@Nullable Named type(int index) {
        int at = 0;
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            if (segment instanceof Literal) continue;
            if (at++ == index) return segment instanceof Typed typed ? typed.type() : null;
        }
        return null;
    }

    @Override
    public String toString() {
        return text;
    }

    private static void checkCharacters(String text) {
        if (text.indexOf('?') >= 0 || text.indexOf('#') >= 0) {
            throw refused("must not have a query or a fragment", text);
        }
        if (TRIPLET.matcher(text).find()) {
            throw refused("is written decoded, without percent-encoding", text);
        }
        if (text.chars().anyMatch(Character::isISOControl)
                || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw refused("must not have control characters or lone surrogates", text);
        }
    }

    private static Segment segment(String part, String template, ParameterTypes types) {
        if (part.indexOf('{') < 0 && part.indexOf('}') < 0) return new Literal(part);
        if (!part.startsWith("{") || !part.endsWith("}")) {
            throw refused("must have parameters that are whole segments", template);
        }
        String inner = part.substring(1, part.length() - 1);
        boolean rest = inner.endsWith("...");
        int colon = inner.indexOf(':');
        if (rest && colon >= 0) throw refused("must not type its {name...}", template);
        String typeName = colon < 0 ? "" : inner.substring(colon + 1);
        String name = inner.substring(0, rest ? inner.length() - 3 : nameEnd(inner, colon));
        if (name.isEmpty()) throw refused("must name its parameters", template);
        if (!NAME.matcher(name).matches()) {
            throw refused("must name parameters by letters, digits, '_' and '-'", template);
        }
        if (rest) return new Rest(name);
        return colon < 0 ? new Parameter(name) : new Typed(name, types.named(typeName));
    }

    private static int nameEnd(String inner, int colon) {
        return colon < 0 ? inner.length() : colon;
    }

    private static void addName(String name, List<String> names, String template) {
        if (names.contains(name)) {
            throw refused("must not repeat a parameter name", template + ", name=" + name);
        }
        if (names.size() == PARAMETERS_MAX) {
            throw refused("has more than " + PARAMETERS_MAX + " parameters", template);
        }
        names.add(name);
    }

    private static IllegalArgumentException refused(String rule, String template) {
        return new IllegalArgumentException("route template " + rule + ": template=" + template);
    }

    /// The index of the parameter with this name.
    ///
    /// @throws IllegalArgumentException when there is none
    int parameter(String name) {
        int index = parameterNames().indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("the route has no parameter {" + name + "}");
        }
        return index;
    }

    /// The index of the parameter with this name that has one of these types.
    ///
    /// @throws IllegalArgumentException when there is none
    int parameter(String name, ParameterTypes.Named type, ParameterTypes.Named narrower) {
        int index = parameter(name);
        ParameterTypes.Named declared = type(index);
        if (!type.equals(declared) && !narrower.equals(declared)) {
            throw new IllegalArgumentException(
                    "the route has no parameter {" + name + ":" + type + "}");
        }
        return index;
    }
}
