package dev.torc.http.message;

import dev.torc.core.spi.FileStrategy;
import dev.torc.core.spi.OpenFile;

/// A response body of one open file or parts of it, to be moved to the socket by the transport.
///
/// Has a reference to the file from when it is made until [#release()], which whoever it is given
/// to will call. On the shard's thread.
public final class FileBody {
    private static final byte[] NOTHING = {};

    private final OpenFile file;
    private final FileParts parts;
    private final FileStrategy strategy;

    private FileBody(OpenFile file, FileParts parts, FileStrategy strategy) {
        this.file = file;
        this.parts = parts;
        this.strategy = strategy;
        file.retain();
    }

    /// The bytes from `start` up to `end`, exclusive.
    public static FileBody of(OpenFile file, long start, long end, FileStrategy strategy) {
        return new FileBody(file, new Range(start, end), strategy);
    }

    /// Several parts.
    public static FileBody of(OpenFile file, FileParts parts, FileStrategy strategy) {
        return new FileBody(file, parts, strategy);
    }

    public OpenFile file() {
        return file;
    }

    public FileParts parts() {
        return parts;
    }

    public FileStrategy strategy() {
        return strategy;
    }

    public void release() {
        file.release();
    }

    /// One part with nothing around it.
    private record Range(long start, long end) implements FileParts {
        @Override
        public int count() {
            return 1;
        }

        @Override
        public long start(int part) {
            return start;
        }

        @Override
        public long end(int part) {
            return end;
        }

        @Override
        public byte[] frame(int part) {
            return NOTHING;
        }

        @Override
        public long contentLength() {
            return end - start;
        }
    }
}
