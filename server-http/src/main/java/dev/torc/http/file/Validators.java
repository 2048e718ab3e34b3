package dev.torc.http.file;

import dev.torc.core.memory.Memory;
import dev.torc.http.HttpDate;
import dev.torc.http.message.Fields;

/// What tells one state of a representation from another (RFC 9110 8.8): its entity tag and the
/// time it was last modified. Made when a file is opened, then only read; any thread.
final class Validators {
    private final EntityTag tag;
    private final long modifiedSeconds;
    private final byte[] lastModified = new byte[HttpDate.BYTES];

    private Validators(EntityTag tag, long modifiedSeconds) {
        this.tag = tag;
        this.modifiedSeconds = modifiedSeconds;
        HttpDate.format(modifiedSeconds, lastModified, 0);
    }

    /// Of a file in this state. A time in the future is replaced by now, as RFC 9110 8.8.2.1 wants
    /// it; one before 1970, by 1970.
    static Validators of(
            FileStamp stamp, TagPolicy policy, ContentCoding coding, long nowEpochSeconds) {
        EntityTag tag = policy.tag(stamp, coding, nowEpochSeconds);
        return of(tag, Math.min(stamp.modifiedSeconds(), nowEpochSeconds));
    }

    /// Of what was made of a file in this state by compressing it.
    static Validators ofMade(FileStamp stamp, TagPolicy policy, byte[] made, long nowEpochSeconds) {
        EntityTag tag = policy.tagOfMade(stamp, made, nowEpochSeconds);
        return of(tag, Math.min(stamp.modifiedSeconds(), nowEpochSeconds));
    }

    /// The same for a request that is about the file in whatever coding.
    Validators orOfMade() {
        return new Validators(tag.orOfMade(), modifiedSeconds);
    }

    /// The same of content that need not be of the state that they tell.
    Validators weakened() {
        return new Validators(tag.weakened(), modifiedSeconds);
    }

    static Validators of(EntityTag tag, long modifiedSeconds) {
        return new Validators(tag, Math.max(0, modifiedSeconds));
    }

    EntityTag tag() {
        return tag;
    }

    /// Seconds since 1970.
    long modifiedSeconds() {
        return modifiedSeconds;
    }

    /// The value of a `Last-Modified` field. The array is shared: only to be read.
    byte[] lastModified() {
        return lastModified;
    }

    /// Whether the value of the field at `index` is [#lastModified()], byte for byte.
    boolean isLastModified(Fields fields, int index) {
        if (fields.valueLength(index) != lastModified.length) return false;
        long address = fields.valueAddress(index);
        for (int i = 0; i < lastModified.length; i++) {
            if (Memory.getByte(address + i) != lastModified[i]) return false;
        }
        return true;
    }
}
