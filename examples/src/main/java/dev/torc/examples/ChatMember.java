package dev.torc.examples;

import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/// One member of a [ChatServer]: the first line is the name, the others are said to all. Nothing
/// more is received until all have been told, so that nobody can flood the room.
final class ChatMember implements ConnectionHandler {
    private final ChatServer room;
    private final Set<Connection> here;
    private final Lines lines = new Lines(1000);
    private String name = "";
    private int untold;

    ChatMember(ChatServer room, Set<Connection> here) {
        this.room = room;
        this.here = here;
    }

    @Override
    public void onOpen(Connection connection) {
        tell(connection, "* your name?");
    }

    @Override
    public void onReceive(Connection connection, Slice data) {
        for (String line : lines.cut(data)) {
            if (!name.isEmpty()) {
                say(connection, name + ": " + line);
            } else if (!line.isEmpty() && line.length() <= 20 && room.names().add(line)) {
                name = line;
                here.add(connection);
                say(connection, "* " + name + " has joined");
            } else {
                tell(connection, "* choose another name");
            }
        }
        if (lines.isTooLong()) {
            tell(connection, "* a line has at most 1000 bytes");
            connection.closeLingering();
        }
    }

    private void say(Connection connection, String text) {
        untold++;
        connection.pauseReceive();
        room.say(text, () -> connection.shard().execute(() -> told(connection)));
    }

    private void told(Connection connection) {
        if (--untold == 0) connection.resumeReceive();
    }

    /// Drops a member who is so slow to read that the send queue is full.
    static void hear(Connection member, byte[] line) {
        if (!member.isClosing() && !member.sendCopy(line)) member.abort(CloseReason.TIMEOUT);
    }

    private static void tell(Connection connection, String line) {
        connection.sendCopy((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void onClose(Connection connection, CloseReason reason) {
        if (name.isEmpty()) return;
        here.remove(connection);
        room.names().remove(name);
        room.say("* " + name + " has left: " + reason, () -> {});
    }
}
