package dev.torc.http.file;

import dev.torc.core.memory.Memory;
import dev.torc.http.Method;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.Fields;

/// The parts of a file that a request asks for (RFC 9110 14.2): none, one or several, disjoint, in
/// the order they were asked for.
///
/// `Range` counts with GET only, and if `If-Range` holds. It is ignored, so that the answer is 200
/// with all of the file, if it is malformed, sent twice, in another unit than bytes, or asks for
/// more than [#RANGES_MAX] ranges; and for an empty file, of which there is no part: clients that
/// always send a range are better served with nothing than with 416. Numbers beyond 2^63-1 count as
/// that.
///
/// Against range bombs (RFC 9110 17.15): ranges that overlap, or leave out less than what announces
/// another part, become one. So the parts together never exceed the file, and their number bounds
/// what comes on top.
///
/// Reused by its shard's thread for one request after the other; allocates nothing.
final class ByteRanges {
    /// What to answer with.
    enum Outcome {
        /// 200, all of it.
        WHOLE,
        /// 206, [#count()] parts.
        PARTIAL,
        /// 416: every range is beyond the end.
        UNSATISFIABLE
    }

    /// Ranges that one request may ask for.
    static final int RANGES_MAX = 64;

    /// Two ranges with at most so many bytes between them become one: the boundary and the fields
    /// of another part are longer.
    static final int GAP_BYTES = 80;

    private static final byte[] RANGE = Ascii.bytes("range");
    private static final byte[] IF_RANGE = Ascii.bytes("if-range");
    private static final byte[] UNIT = Ascii.bytes("bytes=");
    private static final long NO_NUMBER = -1;

    private final long[] starts = new long[RANGES_MAX];
    private final long[] ends = new long[RANGES_MAX];
    private int count;
    private long at; // where the next byte of the field is

    /// Finds the parts of a representation of `sizeBytes` that a request with these fields is to be
    /// answered with, provided that it would be answered with 200.
    Outcome select(
            Fields fields,
            Method method,
            Validators current,
            long sizeBytes,
            long nowEpochSeconds) {
        count = 0;
        int index = method == Method.GET ? fields.find(RANGE) : -1;
        if (index < 0 || sizeBytes == 0) return Outcome.WHOLE;
        boolean single = fields.find(RANGE, index + 1) < 0;
        if (!single || !holdsIfRange(fields, current, nowEpochSeconds)) return Outcome.WHOLE;
        long address = fields.valueAddress(index);
        if (!parse(address, address + fields.valueLength(index), sizeBytes)) return Outcome.WHOLE;
        return count == 0 ? Outcome.UNSATISFIABLE : Outcome.PARTIAL;
    }

    /// How many parts there are.
    int count() {
        return count;
    }

    /// Where a part starts, in bytes from the start of the file.
    long start(int part) {
        return starts[part];
    }

    /// Where a part ends, exclusive.
    long end(int part) {
        return ends[part];
    }

    /// RFC 9110 13.1.5: a tag by strong comparison, or a date that is the file's to the byte and
    /// whose second is over, so that it will not stand for another state.
    private static boolean holdsIfRange(Fields fields, Validators current, long now) {
        int index = fields.find(IF_RANGE);
        if (index < 0) return true;
        if (fields.find(IF_RANGE, index + 1) >= 0) return false;
        long address = fields.valueAddress(index);
        long limit = address + fields.valueLength(index);
        if (EntityTag.end(address, limit) == limit) {
            return current.tag().matchesStrong(address, limit);
        }
        return current.isLastModified(fields, index) && current.modifiedSeconds() < now;
    }

    /// Whether the value is a well-formed ranges-specifier of bytes, and not of too many.
    private boolean parse(long address, long limit, long size) {
        at = address + UNIT.length;
        if (at > limit || !Ascii.equalsIgnoreCase(address, UNIT.length, UNIT)) return false;
        int ranges = 0;
        while (skipToElement(limit)) {
            if (++ranges > RANGES_MAX || !parseRange(limit, size)) return false;
        }
        return ranges > 0;
    }

    /// Whether another element follows. Empty ones count for nothing (RFC 9110 5.6.1.2).
    private boolean skipToElement(long limit) {
        while (at < limit && (isNext(',', limit) || Ascii.isWhitespace(Memory.getByte(at)))) at++;
        return at < limit;
    }

    /// int-range or suffix-range (RFC 9110 14.1.1), up to the comma behind it.
    private boolean parseRange(long limit, long size) {
        long first = parseNumber(limit);
        if (!isNext('-', limit)) return false;
        at++;
        long last = parseNumber(limit);
        at = Ascii.skipWhitespace(at, limit);
        if (at < limit && !isNext(',', limit)) return false;
        if (first == NO_NUMBER) {
            if (last == NO_NUMBER) return false;
            add(Math.max(0, size - last), size);
            return true;
        }
        if (last == NO_NUMBER) last = Long.MAX_VALUE;
        if (last < first) return false;
        if (first < size) add(first, Math.min(last, size - 1) + 1);
        return true;
    }

    /// The number that starts here, no greater than a `long` can say, or [#NO_NUMBER].
    private long parseNumber(long limit) {
        long number = NO_NUMBER;
        for (; at < limit && Ascii.isDigit(Memory.getByte(at)); at++) {
            int digit = Memory.getByte(at) - '0';
            long before = Math.max(number, 0);
            boolean fits = before <= (Long.MAX_VALUE - digit) / 10;
            number = fits ? before * 10 + digit : Long.MAX_VALUE;
        }
        return number;
    }

    private boolean isNext(char wanted, long limit) {
        return at < limit && Memory.getByte(at) == wanted;
    }

    /// Adds a range, in the place of the first that it becomes one with. It can be near several of
    /// those there are, but what it becomes is near no other: those are too far apart.
    private void add(long start, long end) {
        if (start == end) return;
        int place = -1;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (isNear(starts[i], ends[i], start, end)) {
                start = Math.min(start, starts[i]);
                end = Math.max(end, ends[i]);
                if (place < 0) place = kept++;
            } else {
                starts[kept] = starts[i];
                ends[kept++] = ends[i];
            }
        }
        if (place < 0) place = kept++;
        starts[place] = start;
        ends[place] = end;
        count = kept;
    }

    private static boolean isNear(long start, long end, long otherStart, long otherEnd) {
        return start - otherEnd <= GAP_BYTES && otherStart - end <= GAP_BYTES;
    }
}
