package dev.torc.http.h1;

import dev.torc.http.FuzzInput;
import dev.torc.http.HttpLimits;

/// The limits that an input chooses: the defaults, or ones that short inputs reach.
final class FuzzLimits {
    static final HttpLimits TIGHT =
            HttpLimits.defaults()
                    .withRequestLineBytesMax(64)
                    .withHeadBytesMax(160)
                    .withHeaderCountMax(4)
                    .withBodyBytesMax(100)
                    .withChunkExtensionBytesMax(20)
                    .withTrailerBytesMax(40);

    private FuzzLimits() {}

    static HttpLimits chosen(FuzzInput input) {
        return (input.choice() & 1) == 0 ? HttpLimits.defaults() : TIGHT;
    }
}
