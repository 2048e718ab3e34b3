package dev.torc.testkit;

import dev.torc.core.Server;
import dev.torc.core.ServerConfig;
import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;

/// Answers whatever arrives with the same bytes: `ok`, as an HTTP response.
class Answering implements ConnectionHandler {
    private static final byte[] OK =
            TestClient.bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

    static Server start(ServerConfig config) {
        return start(config, OK);
    }

    static Server start(ServerConfig config, byte[] answer) {
        return Server.start(config, _ -> _ -> new Answering(answer));
    }

    /// A server that takes a slice for each request and forgets it.
    static Server startKeepingASlice(ServerConfig config) {
        return Server.start(
                config,
                _ ->
                        _ ->
                                new Answering(OK) {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        take(connection);
                                        super.onReceive(connection, data);
                                    }
                                });
    }

    /// A server that does not mind that its clients are gone.
    static Server startNeverClosing(ServerConfig config) {
        return Server.start(
                config,
                _ ->
                        _ ->
                                new Answering(OK) {
                                    @Override
                                    public void onEnd(Connection connection) {}
                                });
    }

    private final byte[] answer;

    private Answering(byte[] answer) {
        this.answer = answer;
    }

    private static Slice take(Connection connection) {
        Slice slice = connection.shard().buffers().take(4096);
        if (slice == null) throw new AssertionError("the pool gave nothing");
        return slice;
    }

    @Override
    public void onReceive(Connection connection, Slice data) {
        Slice slice = take(connection);
        slice.append(answer, 0, answer.length);
        connection.send(slice);
    }

    @Override
    public void onClose(Connection connection, CloseReason reason) {}
}
