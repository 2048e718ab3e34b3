package dev.torc.http;

import dev.torc.http.Ask.End;
import dev.torc.http.Ask.Framing;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Draws requests to the routes of [ScenarioRoutes], within the limits of its server or beyond.
final class DrawnAsks {
    private static final int SIZE_BITS = 16;

    private final SplittableRandom chance;
    private final HttpLimits limits;

    DrawnAsks(SplittableRandom chance, HttpLimits limits) {
        this.chance = chance;
        this.limits = limits;
    }

    /// One that is answered and keeps the connection.
    Ask polite() {
        return polite(false);
    }

    /// One after which the client wants no other.
    Ask last() {
        return polite(true);
    }

    private Ask polite(boolean last) {
        int small = chance.nextInt(1 << chance.nextInt(13));
        int large = chance.nextInt(1 << chance.nextInt(SIZE_BITS));
        return switch (chance.nextInt(15)) {
            case 0, 1 -> get("/text", 200, ScenarioRoutes.TEXT, last);
            case 2 -> get("/json", 200, ScenarioRoutes.JSON, last);
            case 3 -> get("/fail", 500, Ask.bytes("500 Internal Server Error\n"), last);
            case 4 -> get("/missing", 404, Ask.bytes("404 Not Found\n"), last);
            case 5 -> get("/sized/" + large, 200, Ask.pattern(large), last);
            case 6 -> get("/later/" + small, 200, Ask.bytes("later " + small), last);
            case 7 -> get("/elsewhere/" + small, 200, Ask.bytes("elsewhere " + small), last);
            case 8, 9 -> stream(large, last);
            case 10 -> post("/text", 405, last);
            case 11 -> post("/keep", 200, last);
            case 12, 13 -> post("/streamed", 200, last);
            default -> post("/echo", 200, last);
        };
    }

    private Ask get(String path, int status, byte[] body, boolean last) {
        boolean head = chance.nextInt(8) == 0;
        boolean old = chance.nextInt(10) == 0;
        String end = old ? old(last) : young(last);
        byte[] bytes = Ask.bytes((head ? "HEAD " : "GET ") + path + end + padding() + "\r\n");
        Framing framing = head ? Framing.NO_BODY : Framing.LENGTH;
        return new Ask(bytes, bytes.length, false, status, body, framing, end(last));
    }

    private Ask stream(int bytes, boolean last) {
        boolean old = last && chance.nextInt(3) == 0;
        String end = old ? old(true) : young(last);
        byte[] head = Ask.bytes("GET /stream/" + bytes + end + padding() + "\r\n");
        Framing framing = old ? Framing.CLOSE : Framing.CHUNKED;
        byte[] body = Ask.pattern(bytes);
        return new Ask(head, head.length, false, 200, body, framing, end(last));
    }

    private Ask post(String path, int status, boolean last) {
        int bytes =
                chance.nextInt(
                        1 + (int) Math.min(limits.bodyBytesMax(), 1 << chance.nextInt(SIZE_BITS)));
        byte[] body = Ask.pattern(bytes);
        boolean chunked = chance.nextBoolean();
        boolean waits = chance.nextInt(4) == 0 && (bytes > 0 || chunked);
        String head = "POST " + path + young(last) + padding();
        head += chunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + bytes + "\r\n";
        if (waits) head += "Expect: 100-continue\r\n";
        byte[] start = Ask.bytes(head + "\r\n");
        byte[] all = joined(start, chunked ? chunked(body) : body);
        byte[] answer = status == 200 ? body : Ask.bytes("405 Method Not Allowed\n");
        return new Ask(all, start.length, waits, status, answer, Framing.LENGTH, end(last));
    }

    /// One that the server closes the connection after, or refuses; then it may be sent anything.
    Ask closing() {
        int size = (int) limits.bodyBytesMax() + 1 + chance.nextInt(10_000);
        String host = " HTTP/1.1\r\nHost: a\r\n";
        String post = "POST /echo" + host;
        Ask ask =
                switch (chance.nextInt(13)) {
                    case 0 -> refused("\0\1\2 nonsense", 400);
                    case 1 -> refused("GET /" + "x".repeat(limits.requestLineBytesMax()), 414);
                    case 2 -> refused("GET /text" + host + "A: b\r\n".repeat(200), 431);
                    case 3 -> refused("GET /text" + host + "A: " + "b".repeat(20_000), 431);
                    case 4 -> refused(post + "Content-Length: " + size + "\r\n\r\n", 413);
                    case 5 -> refused(chunkedHead(host) + Integer.toHexString(size) + "\r\n", 413);
                    case 6 -> refused(chunkedHead(host) + "1\r\nabc", 400);
                    case 7 -> refused(chunkedHead(host) + "x\r\n", 400);
                    case 8 -> refused("GET /text HTTP/3.0\r\n", 505);
                    case 9 -> refused("GET /text HTTP/1.1\r\n\r\n", 400);
                    case 10 -> refused(post + "Transfer-Encoding: gzip\r\n\r\n", 501);
                    case 11 -> refused(post + "Content-Length: 1\r\nExpect: tea\r\n\r\n", 417);
                    default -> bye(host);
                };
        byte[] tail =
                chance.nextBoolean()
                        ? new byte[0]
                        : Ask.pattern(chance.nextInt(1 << chance.nextInt(16)));
        return new Ask(
                joined(ask.bytes(), tail),
                ask.headBytes(),
                false,
                ask.status(),
                ask.body(),
                ask.framing(),
                ask.end());
    }

    /// One whose answer is aborted.
    Ask breaking() {
        int bytes = chance.nextInt(1 << chance.nextInt(SIZE_BITS));
        byte[] head = Ask.bytes("GET /broken/" + bytes + young(false) + "\r\n");
        byte[] body = Ask.pattern(bytes);
        return new Ask(head, head.length, false, 200, body, Framing.CHUNKED, End.BREAKS);
    }

    /// One that is never answered.
    Ask never() {
        byte[] head = Ask.bytes("GET /never" + young(false) + "\r\n");
        return new Ask(head, head.length, false, 0, null, Framing.LENGTH, End.BREAKS);
    }

    private static Ask bye(String host) {
        byte[] bytes = Ask.bytes("GET /bye" + host + "\r\n");
        byte[] body = ScenarioRoutes.BYE;
        return new Ask(bytes, bytes.length, false, 200, body, Framing.LENGTH, End.CLOSES);
    }

    private static Ask refused(String text, int status) {
        byte[] bytes = Ask.bytes(text);
        return new Ask(bytes, bytes.length, false, status, null, Framing.LENGTH, End.CLOSES);
    }

    private static String chunkedHead(String host) {
        return "POST /echo" + host + "Transfer-Encoding: chunked\r\n\r\n";
    }

    private static End end(boolean last) {
        return last ? End.CLOSES : End.PERSISTS;
    }

    private static String young(boolean last) {
        return " HTTP/1.1\r\nHost: a\r\n" + (last ? "Connection: close\r\n" : "");
    }

    private static String old(boolean last) {
        return " HTTP/1.0\r\n" + (last ? "" : "Connection: keep-alive\r\n");
    }

    private String padding() {
        return chance.nextInt(3) > 0 ? "" : "X-Pad: " + "p".repeat(chance.nextInt(150)) + "\r\n";
    }

    private byte[] chunked(byte[] body) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int most = 1 + chance.nextInt(1 << chance.nextInt(17));
        int extensions = chance.nextInt(4);
        for (int done = 0; done < body.length; ) {
            int bytes = Math.min(body.length - done, 1 + chance.nextInt(most));
            String extension = extensions-- > 0 ? ";a=b" : "";
            all.writeBytes(Ask.bytes(Integer.toHexString(bytes) + extension + "\r\n"));
            all.write(body, done, bytes);
            all.writeBytes(Ask.bytes("\r\n"));
            done += bytes;
        }
        all.writeBytes(Ask.bytes(chance.nextInt(4) == 0 ? "0\r\nX-T: 1\r\n\r\n" : "0\r\n\r\n"));
        return all.toByteArray();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
