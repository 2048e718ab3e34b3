package dev.torc.testkit.contract;

import dev.torc.core.Server;
import dev.torc.core.ServerConfig;
import dev.torc.core.nio.NioTransportProvider;
import dev.torc.core.spi.Transport.Counters;
import dev.torc.core.spi.TransportProvider;
import dev.torc.testkit.Await;
import dev.torc.uring.transport.UringTransportProvider;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// An echo server in a process of its own, which may have only so many descriptors.
final class CrowdedServer implements AutoCloseable {
    private final Process process;
    private final PrintWriter input;
    private final BufferedReader output;
    final int port;

    private CrowdedServer(Process process) throws IOException {
        this.process = process;
        input = new PrintWriter(process.outputWriter());
        output = process.inputReader();
        port = Integer.parseInt(line());
        state(); // while its classes can still be read
    }

    /// What it tells of itself.
    record State(long accepted, long open, long pauses) {}

    /// Runs it by the shell, which lowers the limit first. What it logs goes to `errors`.
    static CrowdedServer start(String transport, int descriptors, File errors) throws IOException {
        List<String> command = new ArrayList<>();
        command.addAll(
                List.of("/bin/sh", "-c", "ulimit -n " + descriptors + " && exec \"$@\"", "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath()));
        command.addAll(List.of(CrowdedServer.class.getName(), transport));
        return new CrowdedServer(new ProcessBuilder(command).redirectError(errors).start());
    }

    /// Where this and what it needs was loaded from, however these tests are run.
    private static String classPath() {
        return Stream.of(
                        CrowdedServer.class,
                        Await.class,
                        Server.class,
                        UringTransportProvider.class)
                .map(CrowdedServer::home)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String home(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString();
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    State state() {
        input.println();
        input.flush();
        try {
            String[] numbers = line().split(" ", -1);
            return new State(
                    Long.parseLong(numbers[0]),
                    Long.parseLong(numbers[1]),
                    Long.parseLong(numbers[2]));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String line() throws IOException {
        String line = output.readLine();
        if (line == null) throw new IOException("it has ended");
        return line;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /// Serves until its input ends; tells its state for each line of it.
    public static void main(String[] arguments) throws IOException {
        // A log that is first used when there is no descriptor left cannot read what it needs.
        System.getLogger(CrowdedServer.class.getName()).log(Level.INFO, "started");
        TransportProvider transport =
                arguments[0].equals("nio")
                        ? new NioTransportProvider()
                        : new UringTransportProvider();
        ServerConfig config = ServerConfig.defaults().withPort(0).withShards(1);
        try (Server server = Server.start(config, transport, _ -> _ -> new TestHandler())) {
            try (Client client = new Client(new Socket(), server.address(), 0)) {
                client.write(Client.pattern(0, 10));
                client.expectPattern(0, 10);
            }
            System.out.println(server.port());
            BufferedReader asked =
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (asked.readLine() != null) {
                Counters now = server.counters().getFirst();
                System.out.println(now.accepted() + " " + now.open() + " " + now.acceptPauses());
            }
        }
    }
}
