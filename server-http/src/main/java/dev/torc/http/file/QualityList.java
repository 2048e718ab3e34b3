package dev.torc.http.file;

import dev.torc.core.memory.Memory;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.Fields;

/// Walks over what a client prefers: the members of `Accept`, `Accept-Encoding` and their like with
/// their weights (RFC 9110 12.4.2), over all lines of that name.
///
/// ```java
/// for (list.begin(fields, ACCEPT); list.next(); ) use(list.start(), list.end(), list.quality());
/// ```
///
/// Members with a malformed weight are passed over, as are empty ones. One pass; allocates nothing;
/// reused by its owner's thread.
final class QualityList {
    /// The weight of a member without one. Weights are in thousandths.
    static final int QUALITY_MAX = 1000;

    private static final int MALFORMED = -1;

    private Fields fields = new Fields(0);
    private byte[] name = {};
    private int line;
    private long at;
    private long limit;
    private long start;
    private long end;
    private int quality;

    /// Starts over with the fields of this name, in lower case. They must stay where they are.
    void begin(Fields fields, byte[] name) {
        this.fields = fields;
        this.name = name;
        line = -1;
        at = 0;
        limit = 0;
    }

    /// Goes on to the next member, if there is one.
    boolean next() {
        while (at < limit || nextLine()) {
            byte octet = Memory.getByte(at);
            if (octet == ',' || Ascii.isWhitespace(octet)) {
                at++;
            } else {
                readMember();
                if (quality != MALFORMED && end > start) return true;
            }
        }
        return false;
    }

    /// Where the member starts.
    long start() {
        return start;
    }

    /// Where it ends, without parameters and weight.
    long end() {
        return end;
    }

    /// Its weight in thousandths, from 0, which excludes it, to [#QUALITY_MAX].
    int quality() {
        return quality;
    }

    /// Whether the member is this one, which is in lower case.
    boolean is(byte[] lowerCase) {
        return Ascii.equalsIgnoreCase(start, (int) (end - start), lowerCase);
    }

    private boolean nextLine() {
        do {
            line = fields.find(name, line + 1);
            if (line < 0) {
                line = fields.count();
                return false;
            }
        } while (fields.valueLength(line) == 0);
        at = fields.valueAddress(line);
        limit = at + fields.valueLength(line);
        return true;
    }

    /// Up to the comma behind it.
    private void readMember() {
        start = at;
        at = endOfParameter(at);
        end = Ascii.trimWhitespace(start, at);
        quality = QUALITY_MAX;
        boolean weighted = false;
        while (at < limit && Memory.getByte(at) == ';') {
            long parameter = Ascii.skipWhitespace(at + 1, limit);
            at = endOfParameter(parameter);
            if (!weighted && isWeight(parameter)) {
                quality = weight(parameter + 2, Ascii.trimWhitespace(parameter, at));
                weighted = true;
            }
        }
    }

    /// The first comma or semicolon outside of quotes, or the limit.
    private long endOfParameter(long from) {
        boolean quoted = false;
        for (long index = from; index < limit; index++) {
            byte octet = Memory.getByte(index);
            if (octet == '"') quoted = !quoted;
            if (quoted && octet == '\\') index++;
            if (!quoted && (octet == ',' || octet == ';')) return index;
        }
        return limit;
    }

    private boolean isWeight(long parameter) {
        return at - parameter >= 2
                && Ascii.toLowerCase(Memory.getByte(parameter)) == 'q'
                && Memory.getByte(parameter + 1) == '=';
    }

    /// qvalue: from 0 to 1, with up to three decimals (RFC 9110 12.4.2).
    private static int weight(long from, long end) {
        long length = end - from;
        if (length < 1 || length > 5 || (length > 1 && Memory.getByte(from + 1) != '.')) {
            return MALFORMED;
        }
        int thousandths = 0;
        int unit = QUALITY_MAX;
        for (long index = from; index < end; index += index == from ? 2 : 1) {
            if (!Ascii.isDigit(Memory.getByte(index))) return MALFORMED;
            thousandths += unit * (Memory.getByte(index) - '0');
            unit /= 10;
        }
        return thousandths <= QUALITY_MAX ? thousandths : MALFORMED;
    }
}
