package dev.torc.standalone.config;

import dev.torc.http.HttpLimits;

/// How much of everything one HTTP/1.1 connection may bring: [HttpLimits].
public final class HttpSettings {
    public static final Group GROUP = new Group("http.", "Limits of a request");

    private static final HttpLimits DEFAULTS = HttpLimits.defaults();
    private static final long BYTES_MAX = 1 << 24;
    private static final long INT_MAX = Integer.MAX_VALUE;
    private static final long LARGEST = 8_388_607L << 40;

    static final Setting<Long> REQUEST_LINE_BYTES_MAX =
            GROUP.add(
                    "request-line-bytes-max",
                    Amount.bytes(16, BYTES_MAX),
                    (long) DEFAULTS.requestLineBytesMax(),
                    "The request line with its CRLF; 414, or 501 where the method alone is"
                            + " longer.");

    static final Setting<Long> HEAD_BYTES_MAX =
            GROUP.add(
                    "head-bytes-max",
                    Amount.bytes(16, BYTES_MAX),
                    (long) DEFAULTS.headBytesMax(),
                    "The whole head, not less than http.request-line-bytes-max; 431.");

    static final Setting<Long> HEADER_COUNT_MAX =
            GROUP.add(
                    "header-count-max",
                    Amount.count(1, 1 << 16),
                    (long) DEFAULTS.headerCountMax(),
                    "Field lines in a head, and again in a trailer section; 431.");

    static final Setting<Long> BODY_BYTES_MAX =
            GROUP.add(
                    "body-bytes-max",
                    Amount.bytes(0, 16L << 20),
                    DEFAULTS.bodyBytesMax(),
                    "The content of a request that its handler takes as a whole; 413.");

    static final Setting<Long> STREAMED_BODY_BYTES_MAX =
            GROUP.add(
                    Setting.of(
                                    "http.streamed-body-bytes-max",
                                    Amount.bytes(1, LARGEST),
                                    DEFAULTS.streamedBodyBytesMax(),
                                    "The largest upload that is stored or hashed, such as 500M or"
                                            + " 20G; 413.")
                            .everyday("--upload-max"));

    static final Setting<Long> BODY_BYTES_PER_SECOND_MIN =
            GROUP.add(
                    "body-bytes-per-second-min",
                    Amount.bytes(0, BYTES_MAX),
                    (long) DEFAULTS.bodyBytesPerSecondMin(),
                    "How fast a body must come, on average over each timeouts.body; 408.");

    static final Setting<Long> UNREAD_BODY_BYTES_MAX =
            GROUP.add(
                    "unread-body-bytes-max",
                    Amount.bytes(0, INT_MAX),
                    (long) DEFAULTS.unreadBodyBytesMax(),
                    "What is received and dropped of a body that nobody has read; beyond it the"
                            + " connection is closed behind the response.");

    static final Setting<Long> CHUNK_EXTENSION_BYTES_MAX =
            GROUP.add(
                    "chunk-extension-bytes-max",
                    Amount.bytes(0, BYTES_MAX),
                    (long) DEFAULTS.chunkExtensionBytesMax(),
                    "The chunk extensions of one message; 400.");

    static final Setting<Long> TRAILER_BYTES_MAX =
            GROUP.add(
                    "trailer-bytes-max",
                    Amount.bytes(2, BYTES_MAX),
                    (long) DEFAULTS.trailerBytesMax(),
                    "The trailer section with its final CRLF; 431.");

    static final Setting<Long> PIPELINED_BYTES_MAX =
            GROUP.add(
                    "pipelined-bytes-max",
                    Amount.bytes(0, BYTES_MAX),
                    (long) DEFAULTS.pipelinedBytesMax(),
                    "Requests kept while an earlier one is answered; beyond it nothing is received"
                            + " until they are handled.");

    static final Setting<Long> REQUESTS_PER_CONNECTION_MAX =
            GROUP.add(
                    "requests-per-connection-max",
                    Amount.count(1, INT_MAX),
                    (long) DEFAULTS.requestsPerConnectionMax(),
                    "The last one's response says Connection: close.");

    private HttpSettings() {}

    public static HttpLimits limits(Settings settings) {
        return GROUP.checked(
                settings,
                () ->
                        new HttpLimits(
                                settings.intOf(REQUEST_LINE_BYTES_MAX),
                                settings.intOf(HEAD_BYTES_MAX),
                                settings.intOf(HEADER_COUNT_MAX),
                                settings.of(BODY_BYTES_MAX),
                                settings.of(STREAMED_BODY_BYTES_MAX),
                                settings.intOf(BODY_BYTES_PER_SECOND_MIN),
                                settings.intOf(UNREAD_BODY_BYTES_MAX),
                                settings.intOf(CHUNK_EXTENSION_BYTES_MAX),
                                settings.intOf(TRAILER_BYTES_MAX),
                                settings.intOf(PIPELINED_BYTES_MAX),
                                settings.intOf(REQUESTS_PER_CONNECTION_MAX),
                                TimeoutSettings.timeouts(settings)));
    }
}
