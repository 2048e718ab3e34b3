package dev.torc.peers;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.resource.ResourceFactory;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/// Jetty with one selector and handlers that do not block; files by its own resource handler.
final class JettyPeer extends Handler.Wrapper {
    private static final HttpField TEXT =
            new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, Answers.TEXT);
    private static final HttpField JSON =
            new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, Answers.JSON);

    private JettyPeer(Handler files) {
        super(files);
    }

    public static void main(String[] arguments) throws Exception {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendDateHeader(true);
        Server server = new Server();
        var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(arguments[0]));
        connector.setAcceptQueueSize(8192);
        server.addConnector(connector);
        ResourceHandler files = new ResourceHandler();
        files.setBaseResource(ResourceFactory.of(server).newResource(Path.of(arguments[1])));
        server.setHandler(new JettyPeer(files));
        server.start();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = Request.getPathInContext(request);
        switch (path) {
            case "/plaintext" -> send(response, TEXT, Answers.HELLO, callback);
            case "/json" -> send(response, JSON, Answers.json(), callback);
            case "/baseline" -> baseline(request, response, callback);
            case "/upload" -> upload(request, response, new Answers.Upload(), callback);
            default -> {
                return path.startsWith("/static/")
                        && super.handle(new StaticRequest(request), response, callback);
            }
        }
        return true;
    }

    private static void baseline(Request request, Response response, Callback callback)
            throws Exception {
        String body = Content.Source.asString(request);
        send(response, TEXT, Answers.sum(request.getHttpURI().getQuery(), body), callback);
    }

    private static void upload(
            Request request, Response response, Answers.Upload upload, Callback callback) {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(() -> upload(request, response, upload, callback));
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                callback.failed(chunk.getFailure());
                return;
            }
            upload.add(chunk.getByteBuffer());
            chunk.release();
            if (chunk.isLast()) break;
        }
        send(response, JSON, upload.answer(), callback);
    }

    private static void send(Response response, HttpField type, byte[] body, Callback callback) {
        response.getHeaders().put(type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    /// A request for a file, without `/static` before it.
    private static final class StaticRequest extends Request.Wrapper {
        private final org.eclipse.jetty.http.HttpURI uri;

        private StaticRequest(Request request) {
            super(request);
            String path = request.getHttpURI().getPath().substring("/static".length());
            uri =
                    org.eclipse.jetty.http.HttpURI.build(request.getHttpURI())
                            .path(path)
                            .asImmutable();
        }

        @Override
        public org.eclipse.jetty.http.HttpURI getHttpURI() {
            return uri;
        }
    }
}
