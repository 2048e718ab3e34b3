package dev.torc.http.file;

import dev.torc.http.MediaType;
import dev.torc.http.message.FieldLines;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What is said of a file in the heads of answers about it.
///
/// @param fields lines of every answer, also of 304 (RFC 9110 15.4.5)
/// @param contentFields lines of answers with content
@SuppressWarnings("ArrayRecordComponent") // only read
record FileFields(Validators validators, MediaType type, byte[] fields, byte[] contentFields) {
    private static final int BYTES = 256;

    /// Of the file that is at `path` below the root, in the state that `validators` tell.
    ///
    /// @param varies whether other clients may be sent another coding of it
    static FileFields of(
            FilePath path,
            Validators validators,
            ContentCoding coding,
            boolean varies,
            FileOptions options) {
        FieldLines all = new FieldLines(BYTES);
        all.add("ETag", text(validators.tag().bytes()));
        all.add("Last-Modified", text(validators.lastModified()));
        byte[] cacheControl = options.cacheRules().match(path.address(), path.length());
        if (cacheControl != null) all.add("Cache-Control", text(cacheControl));
        if (varies) all.add("Vary", "Accept-Encoding");
        all.add(options.fields());
        FieldLines content = new FieldLines(BYTES);
        content.add("Accept-Ranges", "bytes");
        if (coding != ContentCoding.IDENTITY) content.add("Content-Encoding", coding.token());
        if (options.isDownload(path.address(), path.length())) {
            content.add("Content-Disposition", ContentDisposition.attachment(path.name()));
        }
        MediaType type = options.mimeTypes().forName(path.address(), path.length());
        return new FileFields(validators, type, bytes(all), bytes(content));
    }

    private static byte[] bytes(FieldLines lines) {
        return Arrays.copyOf(lines.bytes(), lines.length());
    }

    private static String text(byte[] value) {
        return new String(value, StandardCharsets.ISO_8859_1);
    }
}
