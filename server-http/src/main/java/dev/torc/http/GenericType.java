package dev.torc.http;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/// A type with its arguments, which a class alone cannot name: `new GenericType<List<User>>() {}`.
///
/// @param <T> the type
public abstract class GenericType<T> {
    private final Type type;

    /// @throws IllegalStateException if `T` is not given where this is extended
    protected GenericType() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType parameterized)) {
            throw new IllegalStateException("write new GenericType<List<User>>() {}");
        }
        type = parameterized.getActualTypeArguments()[0];
    }

    public final Type type() {
        return type;
    }

    @Override
    public final String toString() {
        return type.getTypeName();
    }
}
