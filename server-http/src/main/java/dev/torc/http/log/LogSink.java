package dev.torc.http.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Where lines go. On the log's thread, which it may hold for as long as a disk, or a person at a
/// terminal, likes.
sealed interface LogSink extends AutoCloseable permits ChannelSink, FileSink {
    /// Writes whole lines.
    ///
    /// @throws IOException when it has not written them all; as far as the sink can undo it, none
    void write(ByteBuffer lines) throws IOException;

    /// Looks after itself: called at least every second, and before each write.
    default void tend() throws IOException {}

    @Override
    void close() throws IOException;
}
