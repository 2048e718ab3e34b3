package dev.torc.http.file;

import dev.torc.core.memory.Memory;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.Fields;

import org.jspecify.annotations.Nullable;

/// The value of `If-Match` or `If-None-Match`: `*` or a list of entity tags (RFC 9110 13.1.1), over
/// all lines of that name. A member that is malformed matches nothing, and so does a `*` that is
/// not alone. Allocates nothing; one pass; reused by its owner's thread.
final class EntityTagList {
    private @Nullable EntityTag tag;
    private boolean strong;
    private int members;
    private boolean matched;
    private boolean star;
    private boolean malformed;

    /// Reads the lines from the one at `index` on.
    ///
    /// @param current the tag to compare with; null if there is nothing that has one, so that not
    ///   even `*` matches
    /// @param byStrongComparison or else by weak comparison
    void read(
            Fields fields,
            byte[] name,
            int index,
            @Nullable EntityTag current,
            boolean byStrongComparison) {
        tag = current;
        strong = byStrongComparison;
        members = 0;
        matched = false;
        star = false;
        malformed = false;
        for (int line = index; line >= 0; line = fields.find(name, line + 1)) {
            long address = fields.valueAddress(line);
            readLine(address, address + fields.valueLength(line));
        }
        boolean alone = members == 1;
        matched |= star && alone && current != null;
        malformed |= star && !alone;
    }

    boolean matched() {
        return matched;
    }

    /// Whether any member is neither a tag nor a `*` on its own.
    boolean isMalformed() {
        return malformed;
    }

    private void readLine(long address, long limit) {
        long at = address;
        while (at < limit) {
            byte octet = Memory.getByte(at);
            at = octet == ',' || Ascii.isWhitespace(octet) ? at + 1 : readMember(at, limit);
        }
    }

    /// Returns where the comma behind the member is, or the limit.
    private long readMember(long address, long limit) {
        members++;
        boolean isStar = Memory.getByte(address) == '*';
        long end = isStar ? address + 1 : EntityTag.end(address, limit);
        long next = end < 0 ? address : Ascii.skipWhitespace(end, limit);
        if (end < 0 || (next < limit && Memory.getByte(next) != ',')) {
            malformed = true;
            while (next < limit && Memory.getByte(next) != ',') next++;
            return next;
        }
        star |= isStar;
        if (!isStar && tag != null) {
            matched |= strong ? tag.matchesStrong(address, end) : tag.matchesWeak(address, end);
        }
        return next;
    }
}
