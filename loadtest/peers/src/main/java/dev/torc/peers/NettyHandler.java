package dev.torc.peers;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultFileRegion;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Answers the requests of one Netty connection, on its event loop.
final class NettyHandler extends ChannelInboundHandlerAdapter {
    private final Path root;
    private HttpRequest request;
    private Answers.Upload upload;
    private StringBuilder text;

    NettyHandler(Path root) {
        this.root = root;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        try {
            if (message instanceof HttpRequest begun) begin(context, begun);
            if (message instanceof HttpContent content && request != null) {
                more(context, content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /// Answers what has no body; keeps a request whose body is wanted.
    private void begin(ChannelHandlerContext context, HttpRequest begun) throws Exception {
        String target = begun.uri();
        if (target.equals("/plaintext")) {
            send(context, begun, HttpResponseStatus.OK, Answers.TEXT, Answers.HELLO);
        } else if (target.equals("/json")) {
            send(context, begun, HttpResponseStatus.OK, Answers.JSON, Answers.json());
        } else if (target.startsWith("/static/")) {
            file(context, begun, root.resolve(target.substring("/static/".length())));
        } else if (target.equals("/upload")) {
            request = begun;
            upload = new Answers.Upload();
        } else if (target.startsWith("/baseline")) {
            request = begun;
            text = new StringBuilder();
        } else {
            send(context, begun, HttpResponseStatus.NOT_FOUND, Answers.TEXT, new byte[0]);
        }
    }

    private void more(ChannelHandlerContext context, HttpContent content) {
        if (upload != null) {
            for (var buffer : content.content().nioBuffers()) upload.add(buffer);
        } else {
            text.append(content.content().toString(StandardCharsets.US_ASCII));
        }
        if (!(content instanceof LastHttpContent)) return;
        if (upload != null) {
            send(context, request, HttpResponseStatus.OK, Answers.JSON, upload.answer());
        } else {
            byte[] sum = Answers.sum(Answers.query(request.uri()), text.toString());
            send(context, request, HttpResponseStatus.OK, Answers.TEXT, sum);
        }
        request = null;
        upload = null;
        text = null;
    }

    private static HttpHeaders headers(HttpRequest to, String type, long length) {
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        headers.set(HttpHeaderNames.SERVER, "netty").set(HttpHeaderNames.DATE, Answers.date());
        headers.set(HttpHeaderNames.CONTENT_TYPE, type);
        headers.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length));
        if (!HttpUtil.isKeepAlive(to)) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return headers;
    }

    private static void send(
            ChannelHandlerContext context,
            HttpRequest to,
            HttpResponseStatus status,
            String type,
            byte[] body) {
        var response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        status,
                        Unpooled.wrappedBuffer(body),
                        headers(to, type, body.length),
                        EmptyHttpHeaders.INSTANCE);
        if (HttpUtil.isKeepAlive(to)) {
            context.write(response, context.voidPromise());
        } else {
            context.write(response).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static void file(ChannelHandlerContext context, HttpRequest to, Path path)
            throws Exception {
        long length = Files.size(path);
        context.write(
                new DefaultHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.OK,
                        headers(to, Answers.BYTES, length)));
        File file = path.toFile();
        if (length > 0) context.write(new DefaultFileRegion(file, 0, length));
        var end = context.write(LastHttpContent.EMPTY_LAST_CONTENT);
        if (!HttpUtil.isKeepAlive(to)) end.addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable problem) {
        context.close();
    }
}
