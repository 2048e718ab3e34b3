package dev.torc.http.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/// A channel, such as that of standard output, which is closed by nobody here.
record ChannelSink(WritableByteChannel channel) implements LogSink {
    @Override
    public void write(ByteBuffer lines) throws IOException {
        while (lines.hasRemaining()) channel.write(lines);
    }

    @Override
    public void close() {}
}
