package dev.torc.http.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.torc.http.EndedRequest;
import dev.torc.http.log.LineBuffer.Escape;
import dev.torc.http.message.RequestHead;

/// An object of JSON (RFC 8259) a line, in ASCII: valid whatever the client has sent.
final class JsonLine implements LineFormat {
    private static final int NANOS_PER_MICRO = 1000;
    private static final byte[] TIME = "{\"time\":\"".getBytes(US_ASCII);
    private static final byte[] CLIENT = "Z\",\"client\":\"".getBytes(US_ASCII);
    private static final byte[] METHOD = "\",\"method\":\"".getBytes(US_ASCII);
    private static final byte[] TARGET = "\",\"target\":\"".getBytes(US_ASCII);
    private static final byte[] VERSION = "\",\"version\":\"1.".getBytes(US_ASCII);
    private static final byte[] ROUTE = "\",\"route\":\"".getBytes(US_ASCII);
    private static final byte[] OUTCOME = "\",\"outcome\":\"".getBytes(US_ASCII);
    private static final byte[] STATUS = "\",\"status\":".getBytes(US_ASCII);
    private static final byte[] BYTES = ",\"bytes\":".getBytes(US_ASCII);
    private static final byte[] MICROS = ",\"micros\":".getBytes(US_ASCII);
    private static final byte[] REFERER_KEY = ",\"referer\":\"".getBytes(US_ASCII);
    private static final byte[] AGENT_KEY = ",\"agent\":\"".getBytes(US_ASCII);
    private static final byte[] FAILURE = ",\"failure\":\"".getBytes(US_ASCII);
    private static final byte[] REFERER = "referer".getBytes(US_ASCII);
    private static final byte[] USER_AGENT = "user-agent".getBytes(US_ASCII);

    private final LogTime time = LogTime.utc();

    JsonLine() {}

    @Override
    public void write(EndedRequest request, byte[] client, long epochMillis, LineBuffer line) {
        RequestHead head = HeadText.requestLineOf(request);
        int millis = (int) Math.floorMod(epochMillis, 1000L);
        line.add(TIME).add(time.text(epochMillis)).add('.');
        line.add((char) ('0' + millis / 100));
        line.add((char) ('0' + millis / 10 % 10)).add((char) ('0' + millis % 10));
        line.add(CLIENT).add(client);
        if (head != null) {
            HeadText.addMethod(head, line.add(METHOD), Escape.UNICODE);
            HeadText.addTarget(head, line.add(TARGET), Escape.UNICODE);
            line.add(VERSION).add((char) ('0' + head.minorVersion()));
        }
        String route = request.routeTemplate();
        if (!route.isEmpty()) line.add(ROUTE).addText(route, Escape.UNICODE);
        line.add(OUTCOME).addText(name(request.outcome()), Escape.UNICODE);
        line.add(STATUS).add(request.status());
        line.add(BYTES).add(request.bodyBytes());
        line.add(MICROS).add(request.nanos() / NANOS_PER_MICRO);
        if (head != null) {
            addField(head, REFERER, REFERER_KEY, line);
            addField(head, USER_AGENT, AGENT_KEY, line);
        }
        Throwable failure = request.failure();
        if (failure != null) {
            line.add(FAILURE).addText(failure.getClass().getName(), Escape.UNICODE).add('"');
        }
        line.add('}');
    }

    private static void addField(RequestHead head, byte[] name, byte[] key, LineBuffer line) {
        if (head.refusal() != null || head.find(name) < 0) return;
        HeadText.addField(head, name, line.add(key), Escape.UNICODE);
        line.add('"');
    }

    private static String name(EndedRequest.Outcome outcome) {
        return switch (outcome) {
            case ANSWERED -> "answered";
            case REFUSED -> "refused";
            case CUT -> "cut";
        };
    }
}
