package dev.torc.standalone;

import dev.torc.testkit.Await;
import dev.torc.testkit.TestClient;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A reverse proxy in front of a server. It adds `X-Proxied` to each request that it knows of.
final class Proxy implements AutoCloseable {
    private static final int PORTS_TRIED = 5;

    /// The way it is configured.
    enum Kind {
        /// Takes a whole body before it passes it on, and the whole answer if it can.
        NGINX(Tool.NGINX, "proxy_http_version 1.1;"),

        /// Passes on what it has.
        NGINX_STREAMING(
                Tool.NGINX,
                "proxy_http_version 1.1; proxy_buffering off; proxy_request_buffering off;"),

        /// As nginx is when nothing is said: it speaks HTTP/1.0, on a connection for each request.
        NGINX_HTTP10(Tool.NGINX, ""),

        /// Passes on what it has.
        HAPROXY(Tool.HAPROXY, ""),

        /// Waits for a buffer full of a body.
        HAPROXY_BUFFERING(Tool.HAPROXY, "option http-buffer-request");

        private final Tool tool;
        private final String options;

        Kind(Tool tool, String options) {
            this.tool = tool;
            this.options = options;
        }

        boolean keepsAlive() {
            return this != NGINX_HTTP10;
        }

        private List<String> command(Path directory, int port, int server) throws IOException {
            if (tool == Tool.NGINX) {
                Path file = directory.resolve("nginx.conf");
                Files.writeString(file, nginx(port, server));
                String prefix = directory.toString();
                return List.of(tool.path(), "-e", "stderr", "-p", prefix, "-c", file.toString());
            }
            Path file = directory.resolve("haproxy.cfg");
            Files.writeString(file, haproxy(port, server));
            return List.of(tool.path(), "-db", "-f", file.toString());
        }

        /// One process, the user's own.
        private String nginx(int port, int server) {
            return """
            daemon off;
            master_process off;
            pid nginx.pid;
            error_log stderr error;
            events { worker_connections 200; }
            http {
                access_log off;
                client_max_body_size 0;
                client_body_temp_path bodies;
                proxy_temp_path answers;
                proxy_max_temp_file_size 0;
                upstream torc { server 127.0.0.1:%d; %s }
                server {
                    listen 127.0.0.1:%d;
                    location / {
                        proxy_pass http://torc;
                        proxy_set_header Connection "%s";
                        proxy_set_header X-Proxied yes;
                        %s
                    }
                }
            }
            """
                    .formatted(
                            server,
                            keepsAlive() ? "keepalive 20;" : "",
                            port,
                            keepsAlive() ? "" : "close",
                            options);
        }

        private String haproxy(int port, int server) {
            return """
            global
                nbthread 1
            defaults
                mode http
                timeout connect 20s
                timeout client 30s
                timeout server 30s
                retry-on all-retryable-errors
            frontend clients
                bind 127.0.0.1:%d
                http-request set-header X-Proxied yes
                default_backend torc
            backend torc
                http-reuse always
                %s
                server torc 127.0.0.1:%d pool-purge-delay 60s
            """
                    .formatted(port, options, server);
        }
    }

    private final Program program;
    private final InetSocketAddress address;

    private Proxy(Program program, InetSocketAddress address) {
        this.program = program;
        this.address = address;
    }

    /// Starts it in `directory`, where it may leave files. Whatever port is free now may be taken a
    /// moment later: then it tries another.
    static Proxy start(Kind kind, Path directory, LiveServer server) throws IOException {
        String said = "";
        for (int i = 0; i < PORTS_TRIED; i++) {
            InetSocketAddress address = freeAddress();
            List<String> command = kind.command(directory, address.getPort(), server.port());
            Program program = Program.start(directory, command);
            Await.until(kind + " listens or ends", () -> !program.isRunning() || listens(address));
            if (program.isRunning()) return new Proxy(program, address);
            said = program.errors();
            program.close();
        }
        throw new AssertionError(kind + " does not start: " + said);
    }

    TestClient connect() throws IOException {
        return TestClient.connect(address);
    }

    private static InetSocketAddress freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
        }
    }

    private static boolean listens(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
