package dev.torc.http.file;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;

/// What there is of an upload before it is complete: a file in the directory of its place, which
/// gets the place's name in the end, and else is gone once this is closed. That it cannot be
/// removed is for the log: what the upload has come to is something else.
///
/// Blocks; used by one thread.
final class TemporaryFile implements AutoCloseable {
    private static final Logger LOG = System.getLogger(TemporaryFile.class.getName());
    private static final int PIECE_BYTES = 1 << 16;

    private final UploadPlace place;
    private final Path name;
    private final FileChannel channel;
    private boolean isRenamed;

    private TemporaryFile(UploadPlace place, Path name, FileChannel channel) {
        this.place = place;
        this.name = name;
        this.channel = channel;
    }

    /// An empty one.
    static TemporaryFile create(UploadPlace place) throws IOException {
        String random = UUID.randomUUID().toString();
        Path name = Path.of(new String(Upload.TEMPORARY, StandardCharsets.US_ASCII) + random);
        return new TemporaryFile(place, name, place.create(name));
    }

    /// Takes all of `body`, which is forced to the disk.
    void receive(InputStream body) throws IOException {
        try (channel) {
            copy(body);
            channel.force(true);
        }
    }

    private void copy(InputStream from) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        try (InputStream body = from) {
            for (int n = body.read(piece); n >= 0; n = body.read(piece)) {
                ByteBuffer left = ByteBuffer.wrap(piece, 0, n);
                while (left.hasRemaining()) channel.write(left);
            }
        }
    }

    /// Becomes the file of its place.
    void rename() throws IOException {
        place.rename(name);
        isRenamed = true;
    }

    @Override
    public void close() {
        if (isRenamed) return;
        try (channel) {
            place.delete(name);
        } catch (NoSuchFileException gone) {
            // whoever removed it has done what is left to do
        } catch (IOException failure) {
            String left = "what there is of an upload was left behind: " + name;
            LOG.log(Level.WARNING, left + ": " + failure.getMessage());
        }
    }
}
