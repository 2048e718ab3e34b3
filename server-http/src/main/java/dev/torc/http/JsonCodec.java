package dev.torc.http;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Type;

/// Reads values from JSON and writes them: the seam to a JSON library, so that none is needed by
/// servers without JSON. `dev.torc.http.json.Json` is the one for Jackson. Used by all shards and
/// other threads at once.
public interface JsonCodec {
    /// Reads the whole body of a request, which is UTF-8 and not empty.
    ///
    /// @throws StatusException for what the peer did wrong: 400, with the place in the JSON
    Object read(byte[] utf8, Type type);

    /// Writes a value, in UTF-8. What it has written is sent once it returns and forgotten if it
    /// throws. `target` is only valid until then, never throws and need not be closed.
    void write(Object value, OutputStream target) throws IOException;
}
