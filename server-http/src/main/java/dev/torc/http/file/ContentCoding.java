package dev.torc.http.file;

import dev.torc.http.message.Ascii;

import java.util.List;

/// A content coding that files are sent in (RFC 9110 8.4.1). There is one instance of each, so `==`
/// compares; any thread.
final class ContentCoding {
    /// RFC 7932.
    static final ContentCoding BR = new ContentCoding(0, "br", ".br");

    /// RFC 8878.
    static final ContentCoding ZSTD = new ContentCoding(1, "zstd", ".zst");

    /// RFC 1952.
    static final ContentCoding GZIP = new ContentCoding(2, "gzip", ".gz");

    /// The file as it is.
    static final ContentCoding IDENTITY = new ContentCoding(3, "identity", "");

    /// All of them, in the order in which the server prefers them: best compression first, for
    /// files that were compressed in advance, at leisure. Each has its index here.
    static final List<ContentCoding> ALL = List.of(BR, ZSTD, GZIP, IDENTITY);

    private final int index;
    private final String token;
    private final byte[] tokenBytes;
    private final byte[] suffix;

    private ContentCoding(int index, String token, String suffix) {
        this.index = index;
        this.token = token;
        this.tokenBytes = Ascii.bytes(token);
        this.suffix = Ascii.bytes(suffix);
    }

    /// Where it stands in [#ALL].
    int index() {
        return index;
    }

    /// This coding as a set, to be combined with `|`.
    int bit() {
        return 1 << index;
    }

    /// What `Content-Encoding` says.
    String token() {
        return token;
    }

    /// The bytes of [#token()]. The array is shared: only to be read.
    byte[] tokenBytes() {
        return tokenBytes;
    }

    /// What a compressed file's name has behind that of the file it stands for. The array is
    /// shared: only to be read.
    byte[] suffix() {
        return suffix;
    }

    @Override
    public String toString() {
        return token;
    }
}
