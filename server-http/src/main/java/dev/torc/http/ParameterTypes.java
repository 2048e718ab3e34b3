package dev.torc.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// The types that a router's templates may name: `int`, `long`, `uuid` and those it was given.
final class ParameterTypes {
    static final Named INT = new Named("int", 0, PathValues::isInt);
    static final Named LONG = new Named("long", 1, PathValues::isLong);
    static final Named UUID = new Named("uuid", 2, PathValues::isUuid);

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

    /// Whether the raw value in `[address, end)`, which is well-formed and not empty, is of a type.
    interface Check {
        boolean takes(long address, long end);
    }

    /// A type. Where several are at one place of the tree, the one of lower rank is tried first.
    record Named(String name, int rank, Check check) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final Map<String, Named> byName = new LinkedHashMap<>();

    ParameterTypes() {
        for (Named type : new Named[] {INT, LONG, UUID}) byName.put(type.name(), type);
    }

    /// @throws IllegalArgumentException if the name is taken, or none
    void add(String name, ParameterType type) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a parameter type is named by letters, digits, '_' and '-': name=" + name);
        }
        Named named = new Named(name, byName.size(), (at, end) -> takes(type, at, end));
        if (byName.putIfAbsent(name, named) != null) {
            throw new IllegalArgumentException("there is a parameter type of this name: " + name);
        }
    }

    /// @throws IllegalArgumentException if there is none of this name
    Named named(String name) {
        Named type = byName.get(name);
        if (type == null) {
            throw new IllegalArgumentException(
                    "no parameter type is named " + name + ", only " + byName.keySet());
        }
        return type;
    }

    private static boolean takes(ParameterType type, long address, long end) {
        int state = 0;
        for (long at = address; at < end; at += PercentDecoding.width(at)) {
            state = type.next(state, PercentDecoding.octet(at, end));
            if (state < 0) return false;
        }
        return type.isComplete(state);
    }
}
