package dev.torc.http.message;

/// Parts of a file, in the order in which they are sent, with bytes of the protocol between them.
public interface FileParts {
    int count();

    /// Where a part starts, in bytes from the start of the file.
    long start(int part);

    /// Where a part ends, exclusive.
    long end(int part);

    /// What goes before the part; at [#count()], what ends the body. The array is only read.
    byte[] frame(int part);

    /// Bytes of all of it.
    long contentLength();
}
