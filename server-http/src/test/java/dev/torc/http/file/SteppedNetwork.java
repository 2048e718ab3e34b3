package dev.torc.http.file;

import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;
import dev.torc.core.Slice;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.Filesystem;
import dev.torc.core.spi.OpenFile;
import dev.torc.core.spi.Transport;
import dev.torc.testkit.DerivedNetwork;
import dev.torc.testkit.Network;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A network on which a test steps in where a shard opens and reads files: everything else is the
/// network's own. So what takes a race, or a machine without descriptors, happens when it should.
final class SteppedNetwork extends DerivedNetwork {
    private final Map<OpenFile, String> opened = new ConcurrentHashMap<>();
    private volatile Step step = new Step() {};

    SteppedNetwork(Network network) {
        super(network);
    }

    /// What happens on the shard's thread when it opens or reads a file, by its path.
    interface Step {
        /// How opening it ends without having been tried; null: it is tried.
        default Filesystem.@Nullable OpenResult refuse(String path) {
            return null;
        }

        /// It has been opened, or not: the shard gets to know by `told`, now or later.
        default void opened(String path, Runnable told) {
            told.run();
        }

        /// It is about to be read.
        default void reading(String path) {}
    }

    void step(Step now) {
        step = now;
    }

    /// Files that have been opened and not been closed.
    long openCount() {
        return opened.keySet().stream().filter(OpenFile::isOpen).count();
    }

    @Override
    public Transport open(Shard shard, ServerConfig config, ConnectionHandler.Factory handlers) {
        Transport own = super.open(shard, config, handlers);
        return new SteppedTransport(own, new SteppedFiles(shard, own.files()));
    }

    private record SteppedTransport(Transport own, Filesystem files) implements Transport {
        @Override
        public InetSocketAddress listen(InetSocketAddress address, boolean first) {
            return own.listen(address, first);
        }

        @Override
        public void poll(long waitNanos) {
            own.poll(waitNanos);
        }

        @Override
        public void wake() {
            own.wake();
        }

        @Override
        public void stop() {
            own.stop();
        }

        @Override
        public void abortAll() {
            own.abortAll();
        }

        @Override
        public boolean isIdle() {
            return own.isIdle();
        }

        @Override
        public Counters counters() {
            return own.counters();
        }

        @Override
        public void close() {
            own.close();
        }
    }

    private final class SteppedFiles implements Filesystem {
        private final Shard shard;
        private final Filesystem own;

        SteppedFiles(Shard shard, Filesystem own) {
            this.shard = shard;
            this.own = own;
        }

        @Override
        public Directory directory(Path path, boolean followsLinks) throws java.io.IOException {
            return own.directory(path, followsLinks);
        }

        @Override
        public void open(Directory directory, byte[] path, OpenHandler handler) {
            String name = new String(path, StandardCharsets.UTF_8);
            OpenResult refused = step.refuse(name);
            if (refused != null) {
                shard.execute(() -> handler.onOpened(refused, null));
                return;
            }
            own.open(
                    directory,
                    path,
                    (result, file) -> {
                        if (file != null) opened.put(file, name);
                        step.opened(name, () -> handler.onOpened(result, file));
                    });
        }

        @Override
        public void read(
                OpenFile file, long position, Slice slice, int bytes, ReadHandler handler) {
            step.reading(opened.getOrDefault(file, ""));
            own.read(file, position, slice, bytes, handler);
        }

        @Override
        public void check(OpenFile file, CheckHandler handler) {
            own.check(file, handler);
        }
    }
}
