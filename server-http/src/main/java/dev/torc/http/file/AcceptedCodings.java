package dev.torc.http.file;

import dev.torc.http.message.Ascii;
import dev.torc.http.message.Fields;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// Chooses in which coding a file is sent, by what `Accept-Encoding` says of each (RFC 9110
/// 12.5.3): that with the greatest weight, on a tie the one that comes first in
/// [ContentCoding#ALL].
///
/// `identity` is acceptable unless a weight of 0, its own or that of `*`, excludes it; not being
/// named, it comes after all that are. Without the field, or with an empty one, it is the only one:
/// old clients say nothing, and cannot decode. A coding that is named twice has the smaller weight.
///
/// Reused by its shard's thread; allocates nothing.
final class AcceptedCodings {
    private static final byte[] ACCEPT_ENCODING = Ascii.bytes("accept-encoding");
    private static final byte[] X_GZIP = Ascii.bytes("x-gzip"); // RFC 9110 8.4.1.3
    private static final byte[] ANY = Ascii.bytes("*");
    private static final int UNNAMED = Integer.MAX_VALUE;

    private final QualityList list = new QualityList();
    private final int[] weights = new int[ContentCoding.ALL.size()];

    /// The coding of this set to send a file in; null if it has none that is acceptable, to be
    /// answered with 406 (RFC 9110 15.5.7).
    ///
    /// @param available of [ContentCoding#bit()]: what there are files for
    @Nullable ContentCoding choose(Fields fields, int available) {
        read(fields);
        ContentCoding best = null;
        int bestWeight = 0;
        for (int i = 0; i < weights.length; i++) {
            ContentCoding coding = ContentCoding.ALL.get(i);
            boolean possible = (available & coding.bit()) != 0;
            if (possible && weights[i] > bestWeight) {
                best = coding;
                bestWeight = weights[i];
            }
        }
        return best;
    }

    /// Whether answers need `Vary: Accept-Encoding`: whenever another client might have been sent
    /// another of this set, so also if the choice was `identity`, and with 304 and 406.
    static boolean varies(int available) {
        return Integer.bitCount(available) > 1;
    }

    /// Weights from 1 up are twice the thousandths, so that there is one below the least.
    private void read(Fields fields) {
        Arrays.fill(weights, UNNAMED);
        int any = UNNAMED;
        for (list.begin(fields, ACCEPT_ENCODING); list.next(); ) {
            int weight = 2 * list.quality();
            if (list.is(ANY)) any = Math.min(any, weight);
            int named = named();
            if (named >= 0) weights[named] = Math.min(weights[named], weight);
        }
        for (int i = 0; i < weights.length; i++) {
            boolean isIdentity = ContentCoding.ALL.get(i) == ContentCoding.IDENTITY;
            int otherwise = any == UNNAMED ? (isIdentity ? 1 : 0) : any;
            if (weights[i] == UNNAMED) weights[i] = otherwise;
        }
    }

    /// The index of the coding that the member of the list names, or -1.
    private int named() {
        if (list.is(X_GZIP)) return ContentCoding.GZIP.index();
        for (int i = 0; i < weights.length; i++) {
            if (list.is(ContentCoding.ALL.get(i).tokenBytes())) return i;
        }
        return -1;
    }
}
