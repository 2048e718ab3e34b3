package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.BufferPool;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class HttpLimitsTest {
    private static final HttpLimits DEFAULTS = HttpLimits.defaults();

    @Test
    void eachWithChangesOneLimitAndKeepsTheOthers() {
        HttpTimeouts timeouts = HttpTimeouts.defaults().withIdle(Duration.ofSeconds(7));
        HttpLimits changed =
                DEFAULTS.withRequestLineBytesMax(100)
                        .withHeadBytesMax(200)
                        .withHeaderCountMax(3)
                        .withBodyBytesMax(400)
                        .withStreamedBodyBytesMax(5000)
                        .withBodyBytesPerSecondMin(6)
                        .withUnreadBodyBytesMax(700)
                        .withChunkExtensionBytesMax(8)
                        .withTrailerBytesMax(900)
                        .withPipelinedBytesMax(1000)
                        .withRequestsPerConnectionMax(11)
                        .withTimeouts(timeouts);
        HttpLimits all = new HttpLimits(100, 200, 3, 400, 5000, 6, 700, 8, 900, 1000, 11, timeouts);
        assertEquals(all, changed);
    }

    @Test
    void refusesALineThatIsLongerThanTheHead() {
        assertRefused(() -> DEFAULTS.withHeadBytesMax(8191), "headBytesMax=8191");
    }

    @Test
    void refusesABodyThatNoSliceCanHold() {
        long tooMuch = BufferPool.SLICE_BYTES_MAX + 1L;
        assertRefused(() -> DEFAULTS.withBodyBytesMax(tooMuch), "bodyBytesMax=" + tooMuch);
        assertEquals(0, DEFAULTS.withBodyBytesMax(0).bodyBytesMax());
    }

    @Test
    void takesAnyLimitForABodyThatIsStreamed() {
        long any = Long.MAX_VALUE;
        assertEquals(any, DEFAULTS.withStreamedBodyBytesMax(any).streamedBodyBytesMax());
        assertRefused(() -> DEFAULTS.withStreamedBodyBytesMax(-1), "streamedBodyBytesMax=-1");
    }

    @Test
    void refusesNoFieldsAtAll() {
        assertRefused(() -> DEFAULTS.withHeaderCountMax(0), "headerCountMax=0");
    }

    @Test
    void refusesTrailersThatCannotEvenEnd() {
        assertRefused(() -> DEFAULTS.withTrailerBytesMax(1), "trailerBytesMax=1");
    }

    @Test
    void refusesAConnectionWithoutRequests() {
        assertRefused(() -> DEFAULTS.withRequestsPerConnectionMax(0), "requestsPerConnectionMax=0");
    }

    @Test
    void refusesNegativeLimits() {
        assertRefused(() -> DEFAULTS.withBodyBytesPerSecondMin(-1), "bodyBytesPerSecondMin=-1");
        assertRefused(() -> DEFAULTS.withUnreadBodyBytesMax(-1), "unreadBodyBytesMax=-1");
        assertRefused(() -> DEFAULTS.withChunkExtensionBytesMax(-1), "chunkExtensionBytesMax=-1");
        assertRefused(() -> DEFAULTS.withPipelinedBytesMax(-1), "pipelinedBytesMax=-1");
    }

    private static void assertRefused(Runnable construction, String value) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, construction::run);
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.endsWith(value), message);
    }
}
