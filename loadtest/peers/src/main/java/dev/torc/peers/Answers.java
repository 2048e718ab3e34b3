package dev.torc.peers;

import tools.jackson.databind.json.JsonMapper;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/// What `torc demo` answers, byte for byte, for servers that have nothing of their own for it. Any
/// thread.
final class Answers {
    static final byte[] HELLO = "Hello, World!".getBytes(StandardCharsets.US_ASCII);
    static final String TEXT = "text/plain";
    static final String JSON = "application/json";
    static final String BYTES = "application/octet-stream";

    private static final JsonMapper MAPPER = new JsonMapper();
    private static volatile String date = now();

    private Answers() {}

    record Message(String message) {}

    record Received(long size, String sha256) {}

    static byte[] json() {
        return MAPPER.writeValueAsBytes(new Message("Hello, World!"));
    }

    /// The sum of the integers in a query and in a body, which may both be absent. It decodes no
    /// escapes, which is less work than Torc does.
    static byte[] sum(String query, String body) {
        long sum = body == null || body.isEmpty() ? 0 : Long.parseLong(body);
        int at = query == null ? -1 : 0;
        while (at >= 0 && at < query.length()) {
            int end = query.indexOf('&', at);
            int value = query.indexOf('=', at) + 1;
            sum += Long.parseLong(query, value, end < 0 ? query.length() : end, 10);
            at = end < 0 ? -1 : end + 1;
        }
        return Long.toString(sum).getBytes(StandardCharsets.US_ASCII);
    }

    /// The path of a request target.
    static String path(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /// The query of a request target, or null.
    static String query(String target) {
        int query = target.indexOf('?');
        return query < 0 ? null : target.substring(query + 1);
    }

    /// For the Date header; of the last second if a thread calls [#keepDate] each second.
    static String date() {
        return date;
    }

    /// For servers that make no Date header themselves: one thread that makes it once a second.
    static void keepDate() {
        Thread.ofPlatform()
                .daemon()
                .name("date")
                .start(
                        () -> {
                            while (true) {
                                date = now();
                                try {
                                    Thread.sleep(1000);
                                } catch (InterruptedException end) {
                                    return;
                                }
                            }
                        });
    }

    private static String now() {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
    }

    /// An upload that is hashed as it arrives, and kept nowhere. One thread at a time.
    static final class Upload {
        private final MessageDigest digest;
        private long bytes;

        Upload() {
            try {
                digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException impossible) {
                throw new AssertionError(impossible);
            }
        }

        void add(byte[] data, int length) {
            digest.update(data, 0, length);
            bytes += length;
        }

        void add(ByteBuffer data) {
            bytes += data.remaining();
            digest.update(data);
        }

        byte[] answer() {
            String hash = HexFormat.of().formatHex(digest.digest());
            return MAPPER.writeValueAsBytes(new Received(bytes, hash));
        }
    }
}
