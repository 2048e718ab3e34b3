package dev.torc.http;

import dev.torc.http.message.Fields;
import dev.torc.http.message.TrailerNames;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The fields that followed a chunked request body (RFC 9110 section 6.5): there once the body has
/// ended, immutable, and never merged into the head's.
///
/// What has no meaning behind a body is dropped: routing, request modifiers, authentication and
/// what says how the body is to be read (section 6.5.1). `Content-Length`, `Transfer-Encoding` and
/// `Host` are refused with 400 before.
public final class Trailers {
    static final Trailers NONE = new Trailers(List.of(), List.of());

    private final List<String> names;
    private final List<String> values;

    private Trailers(List<String> names, List<String> values) {
        this.names = names;
        this.values = values;
    }

    static Trailers of(Fields fields) {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < fields.count(); i++) {
            String name = fields.name(i);
            if (TrailerNames.isForbidden(name)) continue;
            names.add(name);
            values.add(fields.value(i));
        }
        return new Trailers(names, values);
    }

    public int count() {
        return names.size();
    }

    /// The name of the field at `index`, as it was sent.
    public String name(int index) {
        return names.get(index);
    }

    /// The value of the field at `index`.
    public String value(int index) {
        return values.get(index);
    }

    /// The value of the first field with this name, in any case; null if there is none.
    public @Nullable String value(String name) {
        List<String> all = values(name);
        return all.isEmpty() ? null : all.getFirst();
    }

    /// The values of all fields with this name, in the order they were sent.
    public List<String> values(String name) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equalsIgnoreCase(name)) found.add(values.get(i));
        }
        return found;
    }

    @Override
    public String toString() {
        return names.toString();
    }
}
