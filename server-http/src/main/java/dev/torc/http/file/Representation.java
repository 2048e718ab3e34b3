package dev.torc.http.file;

import dev.torc.core.Slice;
import dev.torc.core.spi.OpenFile;
import dev.torc.http.MediaType;

import org.jspecify.annotations.Nullable;

/// A file in one state and one coding, as it is sent: its content, in memory or as an open file,
/// and the fields that go with it, encoded once. Owned by its [CachedFile]; on the shard's thread.
final class Representation {
    private final ContentCoding coding;
    private final FileStamp stamp;
    private final long device;
    private final Validators validators;
    private final MediaType type;
    private final byte[] fields;
    private final byte[] contentFields;
    private final @Nullable OpenFile file;
    private final @Nullable Slice content;

    /// Either `file` or `content`, which is shared: takes over the reference to it.
    Representation(
            ContentCoding coding,
            FileStamp stamp,
            long device,
            FileFields describedBy,
            @Nullable OpenFile file,
            @Nullable Slice content) {
        this.coding = coding;
        this.stamp = stamp;
        this.device = device;
        this.validators = describedBy.validators();
        this.type = describedBy.type();
        this.fields = describedBy.fields();
        this.contentFields = describedBy.contentFields();
        this.file = file;
        this.content = content;
    }

    /// The file by gzip, which this is the original of. Takes over the reference to what was made.
    Representation compressed(Slice made, FileFields describedBy) {
        FileStamp smaller = stamp.withSizeBytes(made.length());
        return new Representation(ContentCoding.GZIP, smaller, device, describedBy, null, made);
    }

    ContentCoding coding() {
        return coding;
    }

    FileStamp stamp() {
        return stamp;
    }

    long sizeBytes() {
        return stamp.sizeBytes();
    }

    Validators validators() {
        return validators;
    }

    MediaType type() {
        return type;
    }

    /// Field lines of every answer about it, also of 304.
    byte[] fields() {
        return fields;
    }

    /// Field lines of answers with content.
    byte[] contentFields() {
        return contentFields;
    }

    /// Null if its content is in memory.
    @Nullable OpenFile file() {
        return file;
    }

    /// Shared; null if it is open instead.
    @Nullable Slice content() {
        return content;
    }

    /// Whether this is that state of that file, so that its content is still right. Not if it might
    /// have changed since without its times telling.
    boolean isOf(FileStamp now, long nowDevice) {
        return stamp.equals(now) && device == nowDevice && !validators.tag().isWeak();
    }

    /// Whether they are of the same state of the same file.
    boolean isSameAs(Representation now) {
        return isOf(now.stamp, now.device);
    }

    Representation retain() {
        if (file != null) file.retain();
        if (content != null) content.retain();
        return this;
    }

    void release() {
        if (file != null) file.release();
        if (content != null) content.release();
    }
}
