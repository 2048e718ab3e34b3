package dev.torc.http.file;

import dev.torc.http.message.Ascii;
import dev.torc.http.message.Fields;

/// Chooses what a directory listing is written in, by `Accept` (RFC 9110 12.5.1).
///
/// The most specific range that covers a format gives its weight. Of equal weights the one that was
/// given more specifically wins, since many clients name what they want and add `*/*`; then HTML,
/// which `wget` can follow as well. HTML also if none is wanted: a server may send what it has
/// (12.4.1). Answers need `Vary: Accept`.
///
/// Used for one request; allocates.
final class AcceptedFormat {
    private static final byte[] ACCEPT = Ascii.bytes("accept");
    private static final byte[] ANY = Ascii.bytes("*/*");
    private static final int NOT_COVERED = 0;
    private static final int BY_ANY = 1;
    private static final int BY_TYPE = 2;
    private static final int EXACTLY = 3;

    private final ListingFormat format;
    private final byte[] essence;
    private final byte[] anySubtype;
    private int covered;
    private int weight;

    private AcceptedFormat(ListingFormat format) {
        this.format = format;
        String name = format.type().essence();
        essence = Ascii.bytes(name);
        anySubtype = Ascii.bytes(name.substring(0, name.indexOf('/')) + "/*");
    }

    static ListingFormat choose(Fields fields) {
        AcceptedFormat best = new AcceptedFormat(ListingFormat.HTML);
        best.read(fields);
        for (ListingFormat format : ListingFormat.values()) {
            AcceptedFormat other = new AcceptedFormat(format);
            other.read(fields);
            if (other.isBetterThan(best)) best = other;
        }
        return best.format;
    }

    private boolean isBetterThan(AcceptedFormat other) {
        if (weight != other.weight) return weight > other.weight;
        return weight > 0 && covered > other.covered;
    }

    private void read(Fields fields) {
        QualityList list = new QualityList();
        for (list.begin(fields, ACCEPT); list.next(); ) {
            int covers = coveredBy(list);
            if (covers == NOT_COVERED || covers < covered) continue;
            boolean alsoBefore = covers == covered;
            weight = alsoBefore ? Math.max(weight, list.quality()) : list.quality();
            covered = covers;
        }
    }

    private int coveredBy(QualityList range) {
        if (range.is(essence)) return EXACTLY;
        if (range.is(anySubtype)) return BY_TYPE;
        return range.is(ANY) ? BY_ANY : NOT_COVERED;
    }
}
