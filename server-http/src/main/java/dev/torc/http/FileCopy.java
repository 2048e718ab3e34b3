package dev.torc.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// Copies a part of an open file. Blocks.
final class FileCopy {
    private static final int PIECE_BYTES = 64 * 1024;

    private FileCopy() {}

    /// @throws EOFException when the file has fewer bytes
    static void copy(FileChannel channel, long offset, long count, OutputStream out)
            throws IOException {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(count, PIECE_BYTES));
        for (long done = 0; done < count; done += piece.position()) {
            piece.clear().limit((int) Math.min(count - done, piece.capacity()));
            if (channel.read(piece, offset + done) <= 0) {
                throw new EOFException("the file ends " + (count - done) + " bytes too early");
            }
            out.write(piece.array(), 0, piece.position());
        }
    }
}
