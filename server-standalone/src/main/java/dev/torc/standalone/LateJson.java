package dev.torc.standalone;

import dev.torc.http.JsonCodec;
import dev.torc.http.json.Json;

import java.io.OutputStream;
import java.lang.reflect.Type;

/// JSON by Jackson, which takes longer to be set up than the rest of a server: so it is done by
/// another thread once the server listens, or by whoever is first to need it.
final class LateJson implements JsonCodec {
    LateJson() {}

    private static final class Holder {
        static final Json JSON = new Json();

        /// Initialises this class.
        static void load() {}
    }

    /// Begins to set it up.
    static void load() {
        Thread.ofPlatform().daemon().name("torc-json").start(Holder::load);
    }

    @Override
    public Object read(byte[] utf8, Type type) {
        return Holder.JSON.read(utf8, type);
    }

    @Override
    public void write(Object value, OutputStream target) {
        Holder.JSON.write(value, target);
    }
}
