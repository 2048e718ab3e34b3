package dev.torc.http.file;

import dev.torc.http.Method;
import dev.torc.http.Request;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.Fields;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;

/// One upload: the body of a PUT request becomes a file, at once and as a whole, or not at all.
///
/// ```
/// place ─▶ conditions ─▶ temporary file ◀─ body as it arrives
///                              │ fsync
///                        conditions once more ─▶ rename ─▶ fsync of the directory
/// ```
///
/// Blocks: on a virtual thread.
final class Upload {
    /// How the name of a file begins that is not complete. Never served, also where hidden files
    /// are: what a crash leaves behind is nobody's file.
    static final byte[] TEMPORARY = Ascii.bytes(".torc-upload-");

    private static final Logger LOG = System.getLogger(Upload.class.getName());
    private static final byte[] CONTENT_RANGE = Ascii.bytes("content-range");
    private static final byte[] CONTENT_ENCODING = Ascii.bytes("content-encoding");

    private final FileUploads owner;
    private final Request request;
    private final FileOptions options;

    Upload(FileUploads owner, Request request, FileOptions options) {
        this.owner = owner;
        this.request = request;
        this.options = options;
    }

    /// Receives and stores it.
    ///
    /// @throws IOException when the body will not be complete, or the file system fails
    UploadResult store(LinkRule links, String parameter) throws IOException {
        Fields fields = request.fields();
        if (fields.find(CONTENT_RANGE) >= 0) return UploadResult.PARTIAL;
        if (isCoded(fields)) return UploadResult.CODED;
        try (Arena arena = Arena.ofConfined()) {
            FilePath path = FilePath.in(arena, options.hidden());
            long address = request.rawParameterAddress(parameter);
            return switch (path.decode(address, request.rawParameterLength(parameter))) {
                case FILE -> store(links, path.bytes());
                case DIRECTORY -> UploadResult.NOT_A_FILE;
                case DOT_SEGMENT, HIDDEN, EMPTY_SEGMENT, NOT_A_NAME, MALFORMED, TOO_LONG ->
                        UploadResult.NOT_A_NAME;
            };
        }
    }

    private static boolean isCoded(Fields fields) {
        int coding = fields.find(CONTENT_ENCODING);
        return coding >= 0 && !fields.value(coding).equalsIgnoreCase("identity");
    }

    private UploadResult store(LinkRule links, byte[] path) throws IOException {
        String text = new String(path, StandardCharsets.UTF_8);
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), path)) {
            return UploadResult.NOT_A_NAME;
        }
        try (UploadPlace place = UploadPlace.find(links, text)) {
            if (place == null) return UploadResult.NO_DIRECTORY;
            UploadResult refusal = judge(place);
            return refusal.isStored() ? store(place) : refusal;
        } catch (InvalidPathException unnamed) {
            return UploadResult.NOT_A_NAME;
        }
    }

    private UploadResult store(UploadPlace place) throws IOException {
        try (TemporaryFile file = TemporaryFile.create(place)) {
            file.receive(request.inputStream());
            UploadResult result = owner.commit(() -> rename(place, file));
            return result.isStored() ? force(place, result) : result;
        }
    }

    /// The file has its name, and keeps it if this fails: it must not be told that it was not
    /// stored.
    static UploadResult force(UploadPlace place, UploadResult stored) {
        try {
            place.force();
            return stored;
        } catch (IOException failure) {
            LOG.log(Level.ERROR, "a file was stored, its directory cannot be forced", failure);
            return UploadResult.NOT_FORCED;
        }
    }

    /// Conditions may have ceased to hold while the body was under way: of two that create the same
    /// file with `If-None-Match: *`, one does.
    private UploadResult rename(UploadPlace place, TemporaryFile file) throws IOException {
        UploadResult result = judge(place);
        if (result.isStored()) file.rename();
        return result;
    }

    /// What storing it now would be.
    private UploadResult judge(UploadPlace place) throws IOException {
        BasicFileAttributes occupant = place.occupant();
        if (occupant != null && !occupant.isRegularFile()) return UploadResult.NOT_A_FILE;
        FileStamp stamp = occupant == null ? null : place.stamp();
        return switch (conditions(stamp)) {
            case PROCEED -> stamp == null ? UploadResult.CREATED : UploadResult.REPLACED;
            case FAILED, NOT_MODIFIED -> UploadResult.CONDITION_FAILED;
            case MALFORMED -> UploadResult.CONDITION_MALFORMED;
        };
    }

    private Preconditions.Outcome conditions(@Nullable FileStamp stamp) {
        long now = FileAnswer.nowEpochSeconds();
        Validators current =
                stamp == null
                        ? null
                        : Validators.of(stamp, options.tagPolicy(), ContentCoding.IDENTITY, now)
                                .orOfMade();
        return new Preconditions().judge(request.fields(), Method.PUT, current, now);
    }
}
