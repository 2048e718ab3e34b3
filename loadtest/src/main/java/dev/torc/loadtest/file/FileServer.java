package dev.torc.loadtest.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.Server;
import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;
import dev.torc.core.Slice;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.FileStrategy;
import dev.torc.core.spi.Filesystem.Directory;
import dev.torc.core.spi.OpenFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// Answers everything it receives with one file, sent as one strategy does: no parsing, as in the C
/// programs that it is measured beside. One shard.
public final class FileServer {
    private FileServer() {}

    /// `PORT FILE STRATEGY [TRANSPORT]`: serves until it is ended.
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length < 3) {
            throw new IllegalArgumentException("arguments: PORT FILE STRATEGY [TRANSPORT]");
        }
        String transport = arguments.length > 3 ? arguments[3] : "uring";
        Path file = Path.of(arguments[1]).toAbsolutePath();
        FileStrategy strategy = FileStrategy.valueOf(arguments[2]);
        start(Integer.parseInt(arguments[0]), file, strategy, transport).await();
    }

    /// Port 0 is any free one.
    public static Server start(int port, Path file, FileStrategy strategy, String transport) {
        ServerConfig config =
                ServerConfig.defaults().withPort(port).withShards(1).withTransport(transport);
        return Server.start(config, shard -> new OnShard(shard, file, strategy));
    }

    /// The file as one shard has it open, which is opened with the first request.
    private static final class OnShard implements ConnectionHandler.Factory {
        private final Shard shard;
        private final Path path;
        private final FileStrategy strategy;
        private byte[] head = {};
        private @Nullable OpenFile file;

        OnShard(Shard shard, Path path, FileStrategy strategy) {
            this.shard = shard;
            this.path = path;
            this.strategy = strategy;
        }

        @Override
        public ConnectionHandler open(Connection connection) {
            return (from, _) -> answer(from);
        }

        private void answer(Connection connection) {
            OpenFile open = file;
            Slice slice = open == null ? null : shard.buffers().take(head.length);
            if (open == null || slice == null) {
                openThenAnswer(connection);
                return;
            }
            slice.append(head, 0, head.length);
            connection.sendFile(slice, open, 0, open.size(), strategy);
        }

        private void openThenAnswer(Connection connection) {
            try (Directory directory = shard.files().directory(path.resolveSibling(""), true)) {
                byte[] name = path.getFileName().toString().getBytes(UTF_8);
                shard.files()
                        .open(
                                directory,
                                name,
                                (result, opened) -> {
                                    if (opened == null) {
                                        throw new IllegalStateException(path + ": " + result);
                                    }
                                    opened(opened);
                                    answer(connection);
                                });
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private void opened(OpenFile opened) {
            if (file != null) {
                opened.release();
                return;
            }
            file = opened;
            head =
                    ("HTTP/1.1 200 OK\r\n"
                                    + "Server: torc\r\n"
                                    + "Content-Type: application/octet-stream\r\n"
                                    + "Content-Length: "
                                    + opened.size()
                                    + "\r\n\r\n")
                            .getBytes(ISO_8859_1);
        }
    }
}
