package dev.torc.http;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One request as a client of an [HttpScenario] sends it, and the answer that it is due.
///
/// @param bytes head and body, framed
/// @param headBytes bytes of the head
/// @param expectsContinue whether the client waits before it sends the body
/// @param status of the answer; 0 if none will come
/// @param body of the answer; null if any will do
/// @param framing of the answer
/// @param end what follows the answer
@SuppressWarnings("ArrayRecordComponent") // only read
record Ask(
        byte[] bytes,
        int headBytes,
        boolean expectsContinue,
        int status,
        byte @Nullable [] body,
        Framing framing,
        End end) {
    enum Framing {
        LENGTH,
        CHUNKED,
        /// Until the connection ends.
        CLOSE,
        /// A head only, of a response to HEAD.
        NO_BODY
    }

    enum End {
        /// Another request may follow.
        PERSISTS,
        /// The answer says that the connection will be closed, and then it is.
        CLOSES,
        /// The connection is aborted before the answer is complete.
        BREAKS
    }

    static byte patternAt(long place) {
        return (byte) ((place * 0x9E3779B97F4A7C15L) >>> 56);
    }

    static byte[] pattern(int bytes) {
        byte[] all = new byte[bytes];
        for (int i = 0; i < bytes; i++) all[i] = patternAt(i);
        return all;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// The same request whose sender stops in the middle, at the latest before its last byte.
    Ask stalledAt(int place) {
        byte[] part = Arrays.copyOf(bytes, place);
        return new Ask(part, headBytes, expectsContinue, 408, null, Framing.LENGTH, End.CLOSES);
    }
}
