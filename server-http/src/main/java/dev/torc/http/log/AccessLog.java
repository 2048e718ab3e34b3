package dev.torc.http.log;

import dev.torc.core.Shard;
import dev.torc.http.RequestObserver;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;

/// A line for each request, in a file or on standard output. Thread-safe.
///
/// ```
/// AccessLog log = AccessLog.open(AccessLogConfig.defaults().withFile(Path.of("access.log")));
/// HttpServer server = HttpServer.start(config, limits, log, handler);
/// ...
/// server.stop(deadline);
/// log.close();
/// ```
///
/// A shard only copies its line into a buffer of its own; one thread writes what is there, many
/// lines at a time. So no request waits for the log: while the disk is slow or full, or the
/// terminal has been stopped, lines for which there is no room are dropped, counted and now and
/// then told of in the [log][System.Logger]. Lines of one shard are in the order of its requests'
/// ends, those of several only roughly.
public final class AccessLog implements RequestObserver.PerShard, AutoCloseable {
    private static final Logger LOG = System.getLogger(AccessLog.class.getName());
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

    private final AccessLogConfig config;
    private final LogWriter writer;
    private final InstantSource clock;

    private AccessLog(AccessLogConfig config, LogSink sink, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        writer = new LogWriter(sink, config.bufferBytes());
        writer.start();
    }

    /// Opens the file, if there is one, and starts the thread.
    ///
    /// @throws IOException when the file cannot be written, or is a FIFO
    public static AccessLog open(AccessLogConfig config) throws IOException {
        return open(config, InstantSource.system());
    }

    /// [#open(AccessLogConfig)] with another clock, which must be as quick.
    static AccessLog open(AccessLogConfig config, InstantSource clock) throws IOException {
        Path file = config.file();
        LogSink sink =
                file == null
                        ? new ChannelSink(new FileOutputStream(FileDescriptor.out).getChannel())
                        : new FileSink(file, Rotation.of(config), clock);
        return new AccessLog(config, sink, clock);
    }

    /// Writes to a channel, which stays open, instead of to the configured file.
    public static AccessLog to(WritableByteChannel channel, AccessLogConfig config) {
        return new AccessLog(config, new ChannelSink(channel), InstantSource.system());
    }

    /// For a server: the observer of one of its shards.
    @Override
    public RequestObserver start(Shard shard) {
        return start();
    }

    RequestObserver start() {
        return new ShardLog(writer, format(), config.sample(), clock);
    }

    private LineFormat format() {
        ZoneId zone = ZoneId.systemDefault();
        return switch (config.format()) {
            case COMMON -> new CommonLine(false, zone);
            case COMBINED -> new CommonLine(true, zone);
            case JSON -> new JsonLine();
            case TERMINAL -> new TerminalLine(false, zone);
            case COLORED -> new TerminalLine(true, zone);
        };
    }

    /// Lines that have been written.
    public long writtenCount() {
        return writer.writtenCount();
    }

    /// Lines that have been lost: there was no room for them, or they could not be written.
    public long droppedCount() {
        return writer.droppedCount();
    }

    /// Writes what there is and closes the file, after its servers have stopped. Gives up after a
    /// second: then what has not been written is lost, which a warning tells.
    @Override
    public void close() {
        if (close(CLOSE_PATIENCE)) return;
        LOG.log(
                Level.WARNING,
                "the access log could not be written within "
                        + CLOSE_PATIENCE.toSeconds()
                        + " s of its end: its last lines are lost");
    }

    /// [#close()] with another patience; whether everything could be written.
    public boolean close(Duration patience) {
        return writer.close(patience);
    }

    @Override
    public String toString() {
        return "the access log";
    }
}
