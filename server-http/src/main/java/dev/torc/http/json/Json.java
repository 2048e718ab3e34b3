package dev.torc.http.json;

import dev.torc.http.JsonCodec;
import dev.torc.http.Status;
import dev.torc.http.StatusException;

import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.PropertyBindingException;
import tools.jackson.databind.json.JsonMapper;

import java.io.OutputStream;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;

/// Reads and writes JSON with Jackson.
///
/// ```java
/// Router router = new Router()
///         .json(new Json())
///         .post("/users", (request, response) -> response.json(add(request.json(User.class))));
/// ```
///
/// What is read must be one value and nothing behind it. Jackson's limits on nesting, numbers and
/// names hold. Bad input is answered with 400 and its place as path, line and column; nothing that
/// was sent is repeated, nor anything of Jackson's own words. A type that Jackson cannot read into
/// is a mistake in the program: 500. Thread-safe.
public final class Json implements JsonCodec {
    private static final int NAME_CHARACTERS_MAX = 64;

    private final JsonMapper mapper;
    private final JsonWriter writer;
    private final ClassValue<ObjectReader> readers =
            new ClassValue<>() {
                @Override
                protected ObjectReader computeValue(Class<?> type) {
                    return newReader(type);
                }
            };

    /// With Jackson's defaults.
    public Json() {
        this(new JsonMapper());
    }

    /// With a mapper of the application's.
    @SuppressWarnings("exports") // whoever has no Jackson must not need it to compile
    public Json(JsonMapper mapper) {
        this.mapper = mapper;
        writer = new JsonWriter(mapper);
    }

    @Override
    public Object read(byte[] utf8, Type type) {
        // Jackson would guess UTF-16 and UTF-32 by their zero bytes, which no JSON has in UTF-8.
        for (int i = 0; i < Math.min(4, utf8.length); i++) {
            if (utf8[i] == 0) throw refused("malformed JSON at $, line 1, column " + (i + 1));
        }
        Object value;
        try {
            value = reader(type).readValue(utf8);
        } catch (InvalidDefinitionException mistake) {
            throw mistake;
        } catch (JacksonException refusal) {
            throw refused(what(refusal) + " at " + place(refusal));
        }
        if (value == null) throw refused("null instead of a value at $");
        return value;
    }

    @Override
    public void write(Object value, OutputStream target) {
        writer.write(value, target);
    }

    private ObjectReader reader(Type type) {
        return type instanceof Class<?> plain ? readers.get(plain) : newReader(type);
    }

    private ObjectReader newReader(Type type) {
        return mapper.readerFor(mapper.constructType(type))
                .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    private static StatusException refused(String why) {
        return new StatusException(Status.BAD_REQUEST, why);
    }

    private static String what(JacksonException refusal) {
        if (refusal instanceof StreamConstraintsException) return "JSON beyond the limits";
        boolean tooLarge = refusal instanceof InputCoercionException; // for the type asked for
        boolean malformed = refusal instanceof StreamReadException && !tooLarge;
        return malformed ? "malformed JSON" : "JSON that does not fit";
    }

    private static String place(JacksonException refusal) {
        StringBuilder place = new StringBuilder("$");
        List<JacksonException.Reference> path = refusal.getPath();
        boolean lastIsSent = refusal instanceof PropertyBindingException;
        for (int i = 0; i < path.size(); i++) {
            boolean sent = lastIsSent && i == path.size() - 1;
            append(place, path.get(i), sent);
        }
        TokenStreamLocation location = refusal.getLocation();
        if (location != null && location.getLineNr() > 0) {
            place.append(", line ").append(location.getLineNr());
            place.append(", column ").append(location.getColumnNr());
        }
        return place.toString();
    }

    /// Names of a class's properties are the program's; all others are the peer's, and not told.
    private static void append(
            StringBuilder place, JacksonException.Reference reference, boolean sent) {
        String name = reference.getPropertyName();
        if (name == null) {
            place.append('[').append(Math.max(reference.getIndex(), 0)).append(']');
            return;
        }
        boolean known =
                !sent
                        && !(reference.from() instanceof Map)
                        && name.length() <= NAME_CHARACTERS_MAX
                        && name.chars().allMatch(Json::isHarmless);
        place.append('.').append(known ? name : "*");
    }

    private static boolean isHarmless(int c) {
        return c < 128 && (Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '$');
    }
}
