package dev.torc.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Limits;
import dev.torc.core.ServerConfig;
import dev.torc.core.TcpServer;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

class ExamplesTest {
    private static final int LINES_MAX = 60;
    private static final int PART_LINES_MAX = 100;

    private static List<Path> examples() throws IOException {
        Path directory = Path.of("src", "main", "java", "dev", "torc", "examples");
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.endsWith("package-info.java")).toList();
        }
    }

    private static Class<?> typeOf(Path example) throws ClassNotFoundException {
        String name = example.getFileName().toString().replace(".java", "");
        return Class.forName("dev.torc.examples." + name);
    }

    /// A class that is not public is a part of an example.
    private static boolean isExample(Class<?> type) {
        return Modifier.isPublic(type.getModifiers());
    }

    @Test
    void eachFitsOnAScreen() throws Exception {
        assertTrue(examples().size() >= 2);
        for (Path example : examples()) {
            long lines = Files.readAllLines(example).size();
            int max = isExample(typeOf(example)) ? LINES_MAX : PART_LINES_MAX;
            assertTrue(lines <= max, example + " has " + lines + " lines");
        }
    }

    @Test
    void eachCanBeStarted() throws Exception {
        for (Path example : examples()) {
            Class<?> type = typeOf(example);
            if (!isExample(type)) continue;
            assertTrue(type.getMethod("main", String[].class).canAccess(null), type.getName());
        }
    }

    private static ServerConfig config(int shards) {
        return ServerConfig.defaults().withPort(0).withShards(shards);
    }

    /// Far more than the server's memory holds, to a client that reads late.
    @Test
    void echoServerLetsAClientWaitThatDoesNotRead() throws Exception {
        ServerConfig config = config(1).withLimits(Limits.defaults().withPoolBytesMax(16 << 20));
        byte[] block = new byte[1 << 20];
        for (int i = 0; i < block.length; i++) block[i] = (byte) ((i * 31) >> 8);
        int blocks = 64;
        try (TcpServer server = EchoServer.start(config);
                Peer peer = new Peer(server)) {
            // The kernel's buffers take more than one block, but not always several.
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Void> writer =
                    CompletableFuture.runAsync(
                            () -> {
                                for (int i = 0; i < blocks; i++) {
                                    write(peer, block);
                                    begun.countDown();
                                }
                            });
            assertTrue(begun.await(15, TimeUnit.SECONDS));
            for (int i = 0; i < blocks; i++) {
                byte[] read = peer.socket.getInputStream().readNBytes(block.length);
                assertArrayEquals(block, read);
            }
            writer.get(15, TimeUnit.SECONDS);
        }
    }

    private static void write(Peer peer, byte[] bytes) {
        try {
            peer.socket.getOutputStream().write(bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void chatServerTellsEverybodyOnEveryShard() throws Exception {
        try (TcpServer server = ChatServer.start(config(3))) {
            List<Peer> peers = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                Peer peer = new Peer(server);
                join(peer, "n" + i);
                peers.add(peer);
                for (Peer other : peers.subList(0, i)) other.expect("* n" + i + " has joined\n");
            }
            peers.get(3).send("good ");
            peers.get(3).send("day\r\nwhat is \u001b[1mnew\n");
            for (Peer peer : peers) peer.expect("n3: good day\nn3: what is [1mnew\n");
            Peer leaving = peers.removeFirst();
            leaving.socket.shutdownOutput();
            for (Peer peer : peers) peer.expect("* n0 has left: PEER_CLOSED\n");
            leaving.close();
            for (Peer peer : peers) peer.close();
        }
    }

    private static void join(Peer peer, String name) throws IOException {
        peer.expect("* your name?\n");
        peer.send(name + "\n");
        peer.expect("* " + name + " has joined\n");
    }

    @Test
    void chatServerKnowsEachNameOnce() throws Exception {
        try (TcpServer server = ChatServer.start(config(2));
                Peer ann = new Peer(server);
                Peer other = new Peer(server)) {
            join(ann, "ann");
            other.expect("* your name?\n");
            for (String wrong : List.of("ann", "", " ", "a".repeat(21))) {
                other.send(wrong + "\n");
                other.expect("* choose another name\n");
            }
            other.send("a".repeat(20) + "\n");
            ann.expect("* " + "a".repeat(20) + " has joined\n");
        }
    }

    @Test
    void chatServerEndsALineThatDoesNotEnd() throws Exception {
        try (TcpServer server = ChatServer.start(config(1));
                Peer ann = new Peer(server)) {
            join(ann, "ann");
            ann.send("x".repeat(1000) + "\n");
            ann.expect("ann: " + "x".repeat(1000) + "\n");
            ann.send("x".repeat(1001));
            ann.expect("* a line has at most 1000 bytes\n");
            ann.expectEnd();
        }
    }

    @Test
    void chatServerDropsAMemberWhoDoesNotRead() throws Exception {
        try (TcpServer server = ChatServer.start(config(2));
                Peer ann = new Peer(server);
                Peer slow = new Peer(server, 4096)) {
            join(ann, "ann");
            join(slow, "slow");
            ann.expect("* slow has joined\n");
            String text = ("y".repeat(999) + "\n").repeat(4);
            String line = "ann: ";
            for (int i = 0; i < 20_000 && line.startsWith("ann: "); i++) {
                ann.send(text);
                for (int n = 0; n < 4 && line.startsWith("ann: "); n++) line = ann.line();
            }
            assertEquals("* slow has left: TIMEOUT", line);
        }
    }

    @Test
    void redisServerAnswersWhatItKnows() throws Exception {
        try (TcpServer server = RedisServer.start(config(2));
                Peer peer = new Peer(server);
                Peer other = new Peer(server)) {
            expectReply(peer, "PING", "+PONG");
            expectReply(peer, "  ping   there ", "$5\r\nthere");
            expectReply(peer, "GET a", "$-1");
            expectReply(peer, "SET a 1", "+OK");
            expectReply(other, "GET a", "$1\r\n1");
            expectReply(peer, "*3\r\n$3\r\nset\r\n$1\r\nb\r\n$2\r\n\r\n", "+OK");
            expectReply(peer, "*2\r\n$3\r\nget\r\n$1\r\nb", "$2\r\n\r\n");
            expectReply(peer, "*0\r\n\r\nECHO hi", "$2\r\nhi");
            expectReply(peer, "DEL a b c", ":2");
            expectReply(peer, "CONFIG GET save", "*2\r\n$4\r\nsave\r\n$0\r\n");
            expectReply(peer, "COMMAND", "*0");
            expectReply(peer, "FLUSHALL", "-ERR unknown command");
            expectReply(peer, "SET a", "-ERR wrong number of arguments");
            expectReply(peer, "SET a 1 EX 1", "-ERR SET has no options here");
            peer.send("PING\r\nQUIT\r\nPING\r\n");
            peer.expect("+PONG\r\n+OK\r\n");
            peer.expectEnd();
        }
    }

    private static void expectReply(Peer peer, String command, String reply) throws IOException {
        peer.send(command + "\r\n");
        peer.expect(reply + "\r\n");
    }

    @Test
    void redisServerAnswersAPipelineInOrder() throws Exception {
        int count = 5000;
        try (TcpServer server = RedisServer.start(config(1));
                Peer peer = new Peer(server)) {
            StringBuilder commands = new StringBuilder();
            StringBuilder replies = new StringBuilder();
            for (int i = 0; i < count; i++) {
                commands.append("SET k").append(i).append(' ').append(i).append("\r\n");
                commands.append("GET k").append(i).append("\r\n");
                String value = String.valueOf(i);
                replies.append("+OK\r\n$").append(value.length()).append("\r\n").append(value);
                replies.append("\r\n");
            }
            peer.send(commands.toString());
            peer.expect(replies.toString());
        }
    }

    @Test
    void redisServerBoundsItsKeys() throws Exception {
        int max = 1 << 16;
        try (TcpServer server = RedisServer.start(config(1));
                Peer peer = new Peer(server)) {
            for (int from = 0; from < max; from += 1024) {
                StringBuilder commands = new StringBuilder();
                for (int i = from; i < from + 1024; i++) {
                    commands.append("SET k").append(i).append(" x\r\n");
                }
                peer.send(commands.toString());
                peer.expect("+OK\r\n".repeat(1024));
            }
            expectReply(peer, "SET more x", "-ERR there are 65536 keys already: delete some");
            expectReply(peer, "SET k0 y", "+OK");
            expectReply(peer, "DEL k1", ":1");
            expectReply(peer, "SET more x", "+OK");
        }
    }

    @Test
    void redisServerRefusesWhatIsNotItsProtocol() throws Exception {
        try (TcpServer server = RedisServer.start(config(1))) {
            for (String wrong :
                    List.of(
                            "*x\r\n",
                            "*1\r\n+4\r\nPING\r\n",
                            "*1\r\n$16385\r\n",
                            "*1025\r\n",
                            "*99999999999999999999\r\n",
                            "*-1\r\n",
                            "x".repeat(70_000))) {
                try (Peer peer = new Peer(server)) {
                    peer.send("PING\r\n" + wrong);
                    peer.expect("+PONG\r\n-ERR Protocol error: ");
                    peer.line();
                    peer.expectEnd();
                }
            }
        }
    }
}
