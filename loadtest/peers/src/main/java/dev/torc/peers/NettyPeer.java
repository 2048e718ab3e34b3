package dev.torc.peers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/// Netty, as its entry in the TechEmpower benchmarks sets it up: a decoder, an encoder and one
/// handler, headers unchecked, flushed once for all that has been read.
final class NettyPeer {
    private NettyPeer() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.setProperty("io.netty.leakDetection.level", "disabled");
        int port = Integer.parseInt(arguments[0]);
        Path root = Path.of(arguments[1]);
        boolean uring = arguments[2].equals("io_uring");
        IoHandlerFactory handlers =
                uring ? IoUringIoHandler.newFactory() : EpollIoHandler.newFactory();
        Class<? extends ServerChannel> channel =
                uring ? IoUringServerSocketChannel.class : EpollServerSocketChannel.class;
        Answers.keepDate();
        new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, handlers))
                .channel(channel)
                .option(ChannelOption.SO_BACKLOG, 8192)
                .childHandler(
                        new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel child) {
                                child.pipeline()
                                        .addLast(
                                                new HttpRequestDecoder(4096, 8192, 8192, false),
                                                new HttpResponseEncoder(),
                                                new NettyHandler(root));
                            }
                        })
                .bind(new InetSocketAddress("127.0.0.1", port))
                .sync()
                .channel()
                .closeFuture()
                .sync();
    }
}
