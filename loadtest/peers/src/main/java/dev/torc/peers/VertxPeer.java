package dev.torc.peers;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/// Vert.x on its native transport (epoll), one event loop.
final class VertxPeer extends VerticleBase {
    private static final Buffer HELLO = Buffer.buffer(Answers.HELLO);

    private final int port;
    private final String root;

    private VertxPeer(int port, String root) {
        this.port = port;
        this.root = root;
    }

    public static void main(String[] arguments) {
        Answers.keepDate();
        VertxOptions options =
                new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1);
        Vertx vertx = Vertx.builder().with(options).build();
        if (!vertx.isNativeTransportEnabled()) throw new IllegalStateException("no epoll");
        int port = Integer.parseInt(arguments[0]);
        vertx.deployVerticle(new VertxPeer(port, arguments[1]), new DeploymentOptions()).await();
    }

    @Override
    public Future<?> start() {
        HttpServerOptions options = new HttpServerOptions().setTcpNoDelay(true);
        options.setAcceptBacklog(8192).setHost("127.0.0.1").setPort(port);
        return vertx.createHttpServer(options).requestHandler(this::handle).listen();
    }

    private void handle(HttpServerRequest request) {
        String path = request.path();
        if (path.equals("/plaintext")) {
            head(request, Answers.TEXT).end(HELLO);
        } else if (path.equals("/json")) {
            head(request, Answers.JSON).end(Buffer.buffer(Answers.json()));
        } else if (path.equals("/baseline")) {
            request.body()
                    .onSuccess(
                            body -> {
                                byte[] sum = Answers.sum(request.query(), body.toString());
                                head(request, Answers.TEXT).end(Buffer.buffer(sum));
                            });
        } else if (path.equals("/upload")) {
            Answers.Upload upload = new Answers.Upload();
            request.handler(data -> upload.add(data.getBytes(), data.length()));
            request.endHandler(
                    end -> head(request, Answers.JSON).end(Buffer.buffer(upload.answer())));
        } else if (path.startsWith("/static/")) {
            head(request, Answers.BYTES).sendFile(root + path.substring("/static".length()));
        } else {
            request.response().setStatusCode(404).end();
        }
    }

    private static HttpServerResponse head(HttpServerRequest request, String type) {
        return request.response()
                .putHeader("Server", "vertx")
                .putHeader("Date", Answers.date())
                .putHeader("Content-Type", type);
    }
}
