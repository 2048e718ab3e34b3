package dev.torc.standalone;

import dev.torc.uring.Ring;

import java.io.IOException;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// Runs the servers of `torc` in this process, asks each a little, and ends: what that takes is
/// recorded for quicker starts (JEP 514), see `deploy/record-aot`. Takes no longer than a minute.
public final class Training {
    private static final int ROUNDS = 3;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int LIMIT_SECONDS = 60;
    private static final List<String> OF_DEMO =
            List.of(
                    "GET /",
                    "GET /plaintext",
                    "GET /json",
                    "GET /hello/a",
                    "GET /headers",
                    "GET /bytes/9",
                    "GET /stream/3",
                    "GET /baseline?a=1&b=2",
                    "GET /redirect/1",
                    "GET /sleep/1",
                    "GET /static/page.html",
                    "GET /none",
                    "POST /echo",
                    "POST /upload");
    private static final List<String> OF_SERVE =
            List.of("GET /", "GET /page.html", "HEAD /page.html", "GET /none");
    private static final List<String> OF_ADMIN =
            List.of("GET /health/live", "GET /health/ready", "GET /metrics", "GET /none");

    private Training() {}

    public static void main(String[] arguments) throws IOException {
        Thread.ofPlatform().daemon().name("torc-training-limit").start(Training::limit);
        NativeAccess.load();
        Path root = Files.createTempDirectory("torc-training");
        Path page = root.resolve("page.html");
        int result = 1;
        try {
            Files.writeString(page, "<p>training</p>".repeat(200));
            String directory = root.toString();
            ask(start("demo", "--root", directory), OF_DEMO);
            int adminPort = freePort();
            String admin = Integer.toString(adminPort);
            ask(start("serve", directory, "--admin-port", admin), OF_SERVE);
            ask(adminPort, OF_ADMIN);
            ask(start("demo", "--root", directory, "--transport", "nio"), OF_DEMO);
            loadRing();
            result = 0;
        } finally {
            Files.deleteIfExists(page);
            Files.delete(root);
            // Servers stop as when they are told to, and the JVM writes down what it has recorded.
            if (result == 0) System.exit(result);
            Runtime.getRuntime().halt(result);
        }
    }

    /// Loads the ring's classes, of which a machine that refuses io_uring has used few: images are
    /// mostly built on such a one, to run on another.
    private static void loadRing() throws IOException {
        Module ring = Ring.class.getModule();
        ModuleReference jar =
                ModuleLayer.boot()
                        .configuration()
                        .findModule(ring.getName())
                        .orElseThrow()
                        .reference();
        try (ModuleReader reader = jar.open();
                Stream<String> files = reader.list()) {
            files.filter(file -> file.endsWith(".class") && !file.equals("module-info.class"))
                    .map(file -> file.substring(0, file.length() - ".class".length()))
                    .forEach(name -> Class.forName(ring, name.replace('/', '.')));
        }
    }

    private static void limit() {
        new CompletableFuture<Boolean>()
                .completeOnTimeout(true, LIMIT_SECONDS, TimeUnit.SECONDS)
                .join();
        Runtime.getRuntime().halt(1);
    }

    /// Starts a server, which stays until the process ends; returns its port.
    private static int start(String... command) throws IOException {
        int port = freePort();
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of("--port", Integer.toString(port)));
        Thread.ofPlatform().daemon().name("torc-training").start(() -> run(words));
        return port;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /// Returns only if the server could not start, which fails the training.
    private static void run(List<String> words) {
        try {
            Main.run(words);
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private static void ask(int port, List<String> requests) throws IOException {
        awaitListening(port);
        for (int i = 0; i < ROUNDS; i++) {
            for (String request : requests) ask(port, request);
        }
    }

    private static void awaitListening(int port) throws IOException {
        long began = System.nanoTime();
        while (true) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException notYet) {
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
                if (millis > PATIENCE_MILLIS) throw notYet;
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
    }

    private static void ask(int port, String request) throws IOException {
        String body = request.startsWith("POST") ? "Content-Length: 3\r\n\r\nabc" : "\r\n";
        String text = request + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + body;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readAllBytes();
            String line = new String(answer, StandardCharsets.ISO_8859_1);
            if (!line.startsWith("HTTP/1.1 ")) throw new IOException(request + ": " + line);
        }
    }
}
