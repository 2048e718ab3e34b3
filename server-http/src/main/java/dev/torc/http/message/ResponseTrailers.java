package dev.torc.http.message;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// The fields that follow a chunked body: named before it, because `Trailer` announces them (RFC
/// 9110 6.6.2), and given their values after it. Filled by the thread that answers, encoded on the
/// shard's.
public final class ResponseTrailers {
    private static final int NAME_BYTES_MAX = 4096;
    private static final byte[] NONE = new byte[0];

    private final List<String> names = new ArrayList<>();
    private final List<Supplier<@Nullable String>> values = new ArrayList<>();
    private byte[] line = NONE;

    public ResponseTrailers() {}

    /// Announces a field.
    ///
    /// @throws IllegalArgumentException for a name that is no token, that must not be a trailer, or
    ///   that makes all of them together too long
    public void add(String name, Supplier<@Nullable String> value) {
        FieldLines.checkName(name);
        if (TrailerNames.isForbidden(name)) {
            throw new IllegalArgumentException("must not be a trailer: " + name);
        }
        if (line.length + name.length() > NAME_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "the names of trailers are limited to " + NAME_BYTES_MAX + " bytes: " + name);
        }
        names.add(name);
        values.add(value);
        line = announcement();
    }

    public int count() {
        return names.size();
    }

    /// Forgets all but the first `count`.
    public void truncate(int count) {
        names.subList(count, names.size()).clear();
        values.subList(count, values.size()).clear();
        line = announcement();
    }

    /// The field line that announces them; empty if there is none. Only to be read.
    public byte[] line() {
        return line;
    }

    /// Asks for the values; one that is null is left out.
    ///
    /// @throws RuntimeException what a supplier throws; also for a value that a field cannot carry
    public FieldLines encode() {
        FieldLines lines = new FieldLines(128);
        for (int i = 0; i < names.size(); i++) {
            String value = values.get(i).get();
            if (value != null) lines.add(names.get(i), value);
        }
        return lines;
    }

    private byte[] announcement() {
        if (names.isEmpty()) return NONE;
        return Ascii.bytes("Trailer: " + String.join(", ", names) + "\r\n");
    }
}
