package dev.torc.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.torc.core.spi.TransportProvider;
import dev.torc.uring.IoMemory;
import dev.torc.uring.Probe;
import dev.torc.uring.Ring;
import dev.torc.uring.RingException;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Each example that is written on the ring itself, as its main method uses it.
class UringExamplesTest {
    /// A thread for each: the common pool has a single one where there are two CPUs.
    private static final Executor OTHERS = task -> Thread.ofPlatform().daemon().start(task);

    @TempDir private Path directory = Path.of("");

    @BeforeAll
    static void probe() {
        for (TransportProvider provider : TransportProvider.installed()) {
            if (!provider.name().equals("uring")) continue;
            TransportProvider.Verdict verdict = provider.verdict();
            assumeTrue(verdict.works(), verdict.reason());
        }
    }

    @Test
    void catPrintsWhatIsInTheFile() throws Exception {
        for (int bytes : new int[] {0, 1, 64 * 1024, 128 * 1024 + 1, 1_000_000}) {
            Path file = file("cat" + bytes, bytes);
            ByteArrayOutputStream printed = new ByteArrayOutputStream();
            UringCat.print(file.toString(), printed);
            assertArrayEquals(Files.readAllBytes(file), printed.toByteArray());
        }
        String absent = directory.resolve("absent").toString();
        RingException refusal =
                assertThrows(
                        RingException.class,
                        () -> UringCat.print(absent, new ByteArrayOutputStream()));
        assertEquals(
                "opening " + absent + ": ENOENT (no such file or entry)", refusal.getMessage());
    }

    @Test
    void copyMakesTheSameFile() throws Exception {
        for (int bytes : new int[] {0, 1, 128 * 1024, 5_000_000}) {
            Path file = file("from" + bytes, bytes);
            Path copy = directory.resolve("to" + bytes);
            UringCopy.copy(file, copy);
            assertEquals(-1, Files.mismatch(file, copy));
        }
    }

    @Test
    void linksWriteReadAndCloseInOneSubmission() throws Exception {
        Path file = directory.resolve("links");
        assertEquals(
                "one after the other", UringLinks.writeAndReadBack(file, "one after the other"));
        assertEquals("one after the other", Files.readString(file));
    }

    @Test
    void fixedBuffersWriteAndReadBack() throws Exception {
        Path file = directory.resolve("fixed");
        assertEquals("fixed", UringFixedBuffers.writeAndReadBack(file, "fixed"));
        assertEquals("fixed", Files.readString(file));
    }

    @Test
    void sqPollWritesEveryLine() throws Exception {
        Path file = directory.resolve("sqpoll");
        assertEquals(500, UringSqPoll.write(file, "line\n", 500));
        assertEquals("line\n".repeat(500), Files.readString(file));
    }

    @Test
    void eventfdTellsOfEachTimeout() {
        assertEquals(5, UringEventfd.countTimeouts(5));
    }

    @Test
    void probeNamesTheOperations() {
        assertTrue(UringProbe.describe(Probe.ofThisKernel()).contains(" SPLICE "));
    }

    @Test
    void messagesGoBackAndForth() throws Exception {
        assertEquals(200, UringMessages.rally(200));
    }

    @Test
    void sendFileSendsAllOfIt() throws Exception {
        Path file = file("send", 3_000_001);
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Ring ring = Ring.open(8, 16);
                IoMemory name = IoMemory.ofString(file.toString())) {
            ring.next().prepareOpen(name, Linux.O_RDONLY | Linux.O_CLOEXEC, 0, 0);
            int opened = ring.take().check("open");
            ring.next().prepareSocket(Linux.AF_INET, Linux.SOCK_STREAM, 0, 0);
            int socket = ring.take().check("socket");
            ring.next().prepareConnect(socket, listener.getLocalSocketAddress(), 0);
            ring.take().check("connect");
            try (Socket peer = accept(listener)) {
                var received = CompletableFuture.supplyAsync(() -> rest(peer), OTHERS);
                assertEquals(Files.size(file), UringSendFile.send(ring, opened, socket));
                ring.next().prepareClose(socket, 0);
                ring.next().prepareClose(opened, 0);
                for (int i = 0; i < 2; i++) ring.take().check("close");
                assertArrayEquals(Files.readAllBytes(file), received.get(20, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void spliceProxyHandsOnBothWays() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket front = new ServerSocket(0, 1, loopback);
                ServerSocket target = new ServerSocket(0, 1, loopback);
                Ring ring = Ring.open(8, 16)) {
            // The proxy's side of the client's connection is made by a ring, as in its main method.
            ring.next().prepareSocket(Linux.AF_INET, Linux.SOCK_STREAM, 0, 0);
            int side = ring.take().check("socket");
            ring.next().prepareConnect(side, front.getLocalSocketAddress(), 0);
            ring.take().check("connect");
            InetSocketAddress behind = (InetSocketAddress) target.getLocalSocketAddress();
            CompletableFuture<Void> proxy =
                    CompletableFuture.runAsync(() -> UringSpliceProxy.relay(side, behind), OTHERS);
            try (Socket client = accept(front);
                    Socket server = accept(target)) {
                byte[] question = random(1_000_000);
                byte[] answer = random(2_000_000);
                var asked = CompletableFuture.supplyAsync(() -> rest(server), OTHERS);
                client.getOutputStream().write(question);
                client.shutdownOutput();
                assertArrayEquals(question, asked.get(20, TimeUnit.SECONDS));
                var answered = CompletableFuture.supplyAsync(() -> rest(client), OTHERS);
                server.getOutputStream().write(answer);
                server.shutdownOutput();
                assertArrayEquals(answer, answered.get(20, TimeUnit.SECONDS));
            }
            proxy.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void webServerAnswersEveryRequest() throws Exception {
        AtomicBoolean goesOn = new AtomicBoolean(true);
        int port = freePort();
        CompletableFuture<Void> listening = new CompletableFuture<>();
        CompletableFuture<Void> server =
                CompletableFuture.runAsync(
                        () -> {
                            try (Ring ring = Ring.open(64, 256);
                                    LoopbackListener listener = new LoopbackListener(ring, port)) {
                                listening.complete(null);
                                UringWebServer.serve(ring, listener.fd(), goesOn::get);
                            }
                        },
                        OTHERS);
        listening.get(10, TimeUnit.SECONDS);
        InetAddress loopback = InetAddress.getLoopbackAddress();
        for (int i = 0; i < 3; i++) {
            try (Socket client = new Socket(loopback, port)) {
                client.setSoTimeout(10_000);
                for (int j = 0; j < 3; j++) {
                    client.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
                    byte[] answer = client.getInputStream().readNBytes(56);
                    assertTrue(new String(answer, US_ASCII).endsWith("\r\n\r\nHello, io_uring!\n"));
                }
            }
        }
        goesOn.set(false);
        server.get(10, TimeUnit.SECONDS);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Socket accept(ServerSocket listener) throws IOException {
        listener.setSoTimeout(10_000);
        Socket socket = listener.accept();
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static byte[] rest(Socket socket) {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private Path file(String name, int bytes) throws IOException {
        return Files.write(directory.resolve(name), random(bytes));
    }

    private static byte[] random(int bytes) {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return content;
    }
}
