package dev.torc.http.message;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Text that comes with this module, read when a class that needs it is first used.
public final class Resource {
    private Resource() {}

    /// The resource of this name next to `owner`, which is in UTF-8.
    ///
    /// @throws IllegalStateException if the jar lacks it
    public static String text(Class<?> owner, String name) {
        try (InputStream stream = owner.getResourceAsStream(name)) {
            if (stream == null) throw new IllegalStateException("missing resource: " + name);
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read resource " + name, unreadable);
        }
    }
}
