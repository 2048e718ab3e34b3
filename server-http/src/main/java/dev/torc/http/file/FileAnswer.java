package dev.torc.http.file;

import dev.torc.core.Slice;
import dev.torc.core.spi.OpenFile;
import dev.torc.http.MediaType;
import dev.torc.http.Method;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.Status;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.Fields;
import dev.torc.http.message.FileBody;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/// Answers requests for files that are known: chooses the coding, judges the conditions, selects
/// the ranges (RFC 9110 12.5.3, 13, 14). Conditions and ranges count only if the answer would
/// otherwise be 200: a filter may have set another status.
///
/// On the shard's thread; allocates nothing for a whole file in memory.
final class FileAnswer {
    private static final byte[] CONTENT_RANGE = Ascii.bytes("Content-Range: ");
    private static final byte[] VARY = Ascii.bytes("Vary: Accept-Encoding\r\n");

    /// What is more of a content in memory is sent from where it is, as the whole of it is.
    private static final int PART_COPIED_BYTES_MAX = 64 * 1024;

    private static final long MILLIS_PER_SECOND = 1000;

    private final FileOptions options;
    private final Compressor compressor;
    private final AcceptedCodings codings = new AcceptedCodings();
    private final Preconditions preconditions = new Preconditions();
    private final ByteRanges ranges = new ByteRanges();
    private final Slice window = Slice.window();
    private final byte[] contentRange = new byte[ContentRange.BYTES_MAX];

    FileAnswer(FileOptions options, Compressor compressor) {
        this.options = options;
        this.compressor = compressor;
    }

    static long nowEpochSeconds() {
        return System.currentTimeMillis() / MILLIS_PER_SECOND;
    }

    /// With a file that is one; later, if it is to be compressed for that.
    void send(FileRequest call, CachedFile file) {
        Fields fields = call.request().fields();
        int available = file.available();
        ContentCoding coding;
        if (file.compressed() == Compressed.NOT_YET && !call.isAsItIs()) {
            coding = choose(fields, available | ContentCoding.GZIP.bit());
            if (coding == ContentCoding.GZIP) {
                if (compressor.compress(call, file)) return;
                coding = choose(fields, available);
            }
        } else {
            coding = choose(fields, available);
        }
        Representation chosen = coding == null ? null : file.representation(coding);
        if (chosen == null) {
            Response response = call.response();
            response.head().add(VARY);
            response.status(Status.NOT_ACCEPTABLE).send("406 Not Acceptable\n");
        } else {
            send(call, chosen);
        }
    }

    private @Nullable ContentCoding choose(Fields fields, int available) {
        return AcceptedCodings.varies(available)
                ? codings.choose(fields, available)
                : ContentCoding.IDENTITY;
    }

    /// With this representation of a file.
    void send(FileRequest call, Representation chosen) {
        Request request = call.request();
        Response response = call.response();
        Fields fields = request.fields();
        if (response.head().status() != Status.OK) {
            whole(response, chosen);
            return;
        }
        long now = nowEpochSeconds();
        switch (preconditions.judge(fields, request.method(), chosen.validators(), now)) {
            case PROCEED -> parts(request, response, chosen, now);
            case NOT_MODIFIED -> {
                response.head().add(chosen.fields());
                response.status(Status.NOT_MODIFIED).send();
            }
            case FAILED ->
                    response.status(Status.PRECONDITION_FAILED).send("412 Precondition Failed\n");
            case MALFORMED -> response.status(Status.BAD_REQUEST).send("400 Bad Request\n");
        }
    }

    private void parts(Request request, Response response, Representation chosen, long now) {
        Fields fields = request.fields();
        Method method = request.method();
        long size = chosen.sizeBytes();
        switch (ranges.select(fields, method, chosen.validators(), size, now)) {
            case WHOLE -> whole(response, chosen);
            case UNSATISFIABLE -> {
                int length = ContentRange.putUnsatisfied(size, contentRange, 0);
                response.head().add(CONTENT_RANGE, contentRange, length);
                response.status(Status.RANGE_NOT_SATISFIABLE).send("416 Range Not Satisfiable\n");
            }
            case PARTIAL -> {
                if (ranges.count() == 1) part(response, chosen);
                else if (chosen.coding() == ContentCoding.IDENTITY) multipart(response, chosen);
                else whole(response, chosen); // no coding is that of a multipart (RFC 9110 8.4)
            }
        }
    }

    private void whole(Response response, Representation chosen) {
        describe(response, chosen, chosen.type());
        content(response, chosen, 0, chosen.sizeBytes());
    }

    private void part(Response response, Representation chosen) {
        long start = ranges.start(0);
        long end = ranges.end(0);
        int length = ContentRange.put(start, end, chosen.sizeBytes(), contentRange, 0);
        response.status(Status.PARTIAL_CONTENT);
        response.head().add(CONTENT_RANGE, contentRange, length);
        describe(response, chosen, chosen.type());
        content(response, chosen, start, end);
    }

    private void multipart(Response response, Representation chosen) {
        MultipartRanges parts = MultipartRanges.of(ranges, chosen.sizeBytes(), chosen.type());
        response.status(Status.PARTIAL_CONTENT);
        describe(response, chosen, parts.type());
        OpenFile file = chosen.file();
        Slice content = chosen.content();
        if (file != null) {
            long mean = parts.contentLength() / parts.count();
            response.send(FileBody.of(file, parts, options.strategy(mean)));
        } else if (content != null) {
            response.send(gathered(parts, content));
        }
    }

    private static byte[] gathered(MultipartRanges parts, Slice content) {
        ByteBuffer all = ByteBuffer.allocate((int) parts.contentLength());
        for (int i = 0; i < parts.count(); i++) {
            all.put(parts.frame(i));
            int bytes = (int) (parts.end(i) - parts.start(i));
            content.copyTo((int) parts.start(i), all.array(), all.position(), bytes);
            all.position(all.position() + bytes);
        }
        return all.put(parts.frame(parts.count())).array();
    }

    private static void describe(Response response, Representation chosen, MediaType type) {
        response.contentType(type);
        response.head().add(chosen.fields());
        response.head().add(chosen.contentFields());
    }

    private void content(Response response, Representation chosen, long start, long end) {
        OpenFile file = chosen.file();
        Slice content = chosen.content();
        if (content != null) {
            content(response, content, (int) start, (int) (end - start));
        } else if (file != null) {
            response.send(FileBody.of(file, start, end, options.strategy(end - start)));
        }
    }

    private void content(Response response, Slice content, int start, int bytes) {
        if (bytes == content.length()) {
            response.send(content);
        } else if (bytes <= PART_COPIED_BYTES_MAX) {
            window.view(content.address() + start, bytes);
            response.send(window);
        } else {
            Slice part = content.part(start, bytes);
            try {
                response.send(part);
            } finally {
                part.release();
            }
        }
    }

    // ---- without a file

    /// To a directory, by the name that it was asked for without a slash.
    void redirect(FileRequest call, byte[] name) {
        StringBuilder location = new StringBuilder();
        PercentEncoding.append(name, location);
        location.append('/');
        String query = call.request().rawQuery();
        if (query != null) location.append('?').append(query);
        Response response = call.response();
        response.status(Status.MOVED_PERMANENTLY).header("Location", location.toString());
        response.send("301 Moved Permanently\n");
    }

    void notFound(FileRequest call) {
        call.response().status(Status.NOT_FOUND).send("404 Not Found\n");
    }

    /// With a page.
    void notFound(FileRequest call, Representation page) {
        Response response = call.response();
        response.status(Status.NOT_FOUND).contentType(page.type());
        response.head().add(options.fields());
        content(response, page, 0, page.sizeBytes());
    }

    /// Descriptors or memory have run out, which passes.
    void unavailable(FileRequest call) {
        Response response = call.response();
        response.status(Status.SERVICE_UNAVAILABLE).header("Retry-After", "1");
        response.send("503 Service Unavailable: too many files are open\n");
    }

    /// Why has been logged.
    void unreadable(FileRequest call) {
        Response response = call.response();
        response.status(Status.INTERNAL_SERVER_ERROR).send("500 Internal Server Error\n");
    }
}
