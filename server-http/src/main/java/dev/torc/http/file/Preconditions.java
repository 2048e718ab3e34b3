package dev.torc.http.file;

import dev.torc.core.memory.Memory;
import dev.torc.http.HttpDate;
import dev.torc.http.Method;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.Fields;

import org.jspecify.annotations.Nullable;

/// The conditions that a request sets for its own method, judged in the order of RFC 9110 13.2.2.
/// To be asked only when the answer would otherwise be 2xx (13.2.1); `If-Range` is for
/// [ByteRanges].
///
/// | the field | holds if | else |
/// |---|---|---|
/// | `If-Match` | one tag is the current one by strong comparison | 412 |
/// | `If-Unmodified-Since`, without `If-Match` | not modified later | 412 |
/// | `If-None-Match` | no tag is it by weak comparison | 304 to GET and HEAD, or 412 |
/// | `If-Modified-Since`, without `If-None-Match`, with GET or HEAD | modified later | 304 |
///
/// A date that is malformed or sent twice is ignored, as the RFC demands (13.1.3, 13.1.4). Of
/// malformed tags it says nothing: they match nothing, which serves a reader at worst the whole
/// file; a method that changes something is not carried out on a condition that was not understood,
/// and refused with 400.
///
/// Confined to its shard's thread. Allocates nothing, but for a date that is not the one the file
/// has.
final class Preconditions {
    /// What to do with the request.
    enum Outcome {
        /// As if there were no conditions.
        PROCEED,
        /// 304 (Not Modified).
        NOT_MODIFIED,
        /// 412 (Precondition Failed).
        FAILED,
        /// 400 (Bad Request).
        MALFORMED
    }

    private static final byte[] IF_MATCH = Ascii.bytes("if-match");
    private static final byte[] IF_NONE_MATCH = Ascii.bytes("if-none-match");
    private static final byte[] IF_MODIFIED_SINCE = Ascii.bytes("if-modified-since");
    private static final byte[] IF_UNMODIFIED_SINCE = Ascii.bytes("if-unmodified-since");

    private final EntityTagList tags = new EntityTagList();

    /// Judges a request with these fields.
    ///
    /// @param current of the representation that the answer would be about; null if there is none
    ///   yet, as for an upload under a new name
    Outcome judge(
            Fields fields, Method method, @Nullable Validators current, long nowEpochSeconds) {
        if (!hasConditions(fields)) return Outcome.PROCEED;
        boolean reads = method == Method.GET || method == Method.HEAD;
        Outcome first = judgeUnchanged(fields, reads, current, nowEpochSeconds);
        return first == Outcome.PROCEED
                ? judgeChanged(fields, reads, current, nowEpochSeconds)
                : first;
    }

    /// Steps 1 and 2: is it still what the client knows?
    private Outcome judgeUnchanged(
            Fields fields, boolean reads, @Nullable Validators current, long now) {
        int match = fields.find(IF_MATCH);
        if (match >= 0) {
            tags.read(fields, IF_MATCH, match, tagOf(current), true);
            if (tags.isMalformed() && !reads) return Outcome.MALFORMED;
            return tags.matched() ? Outcome.PROCEED : Outcome.FAILED;
        }
        long since = date(fields, IF_UNMODIFIED_SINCE, current, now);
        boolean holds =
                current == null || since == HttpDate.INVALID || current.modifiedSeconds() <= since;
        return holds ? Outcome.PROCEED : Outcome.FAILED;
    }

    /// Steps 3 and 4: is it anything new to the client?
    private Outcome judgeChanged(
            Fields fields, boolean reads, @Nullable Validators current, long now) {
        int noneMatch = fields.find(IF_NONE_MATCH);
        if (noneMatch >= 0) {
            tags.read(fields, IF_NONE_MATCH, noneMatch, tagOf(current), false);
            if (tags.isMalformed() && !reads) return Outcome.MALFORMED;
            if (!tags.matched()) return Outcome.PROCEED;
            return reads ? Outcome.NOT_MODIFIED : Outcome.FAILED;
        }
        if (!reads || current == null) return Outcome.PROCEED;
        long since = date(fields, IF_MODIFIED_SINCE, current, now);
        boolean known = since != HttpDate.INVALID && current.modifiedSeconds() <= since;
        return known ? Outcome.NOT_MODIFIED : Outcome.PROCEED;
    }

    /// One pass for the many requests that have none: all of their names start alike.
    private static boolean hasConditions(Fields fields) {
        for (int i = 0; i < fields.count(); i++) {
            boolean possible = fields.nameLength(i) >= IF_MATCH.length;
            if (possible && Memory.getByte(fields.nameAddress(i) + 2) == '-') return true;
        }
        return false;
    }

    private static @Nullable EntityTag tagOf(@Nullable Validators current) {
        return current == null ? null : current.tag();
    }

    /// The date in the one line of this name, or [HttpDate#INVALID]. Nearly all clients send back
    /// what they were sent, which needs no parsing.
    private static long date(Fields fields, byte[] name, @Nullable Validators current, long now) {
        int index = fields.find(name);
        if (index < 0 || current == null) return HttpDate.INVALID;
        if (fields.find(name, index + 1) >= 0) return HttpDate.INVALID;
        if (current.isLastModified(fields, index)) return current.modifiedSeconds();
        return HttpDate.parse(fields.value(index), now);
    }
}
