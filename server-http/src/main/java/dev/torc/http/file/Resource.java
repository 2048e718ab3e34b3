package dev.torc.http.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Text that comes with this package, read when a class that needs it is first used.
final class Resource {
    private Resource() {}

    /// The resource of this name, which is in UTF-8.
    ///
    /// @throws IllegalStateException if the jar lacks it
    static String text(String name) {
        try (InputStream stream = Resource.class.getResourceAsStream(name)) {
            if (stream == null) throw new IllegalStateException("missing resource: " + name);
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read resource " + name, unreadable);
        }
    }
}
