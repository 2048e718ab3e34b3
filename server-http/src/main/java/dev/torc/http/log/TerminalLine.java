package dev.torc.http.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.torc.http.EndedRequest;
import dev.torc.http.EndedRequest.Outcome;
import dev.torc.http.log.LineBuffer.Escape;
import dev.torc.http.message.RequestHead;

import java.time.ZoneId;

/// For a person who watches; nothing in it that a terminal would obey but its own colours.
///
/// ```
/// 16:04:31 127.0.0.1 GET /app.js 200 4711 B 0.3 ms
/// 16:04:32 127.0.0.1 GET /big.iso 200 1048576 B 12.0 ms (cut)
/// ```
final class TerminalLine implements LineFormat {
    private static final int NANOS_PER_TENTH_MILLI = 100_000;
    private static final byte[] BYTES = " B ".getBytes(US_ASCII);
    private static final byte[] MILLIS = " ms".getBytes(US_ASCII);
    private static final byte[] CUT = " (cut)".getBytes(US_ASCII);
    private static final byte[] RED = "\033[31m".getBytes(US_ASCII);
    private static final byte[] GREEN = "\033[32m".getBytes(US_ASCII);
    private static final byte[] YELLOW = "\033[33m".getBytes(US_ASCII);
    private static final byte[] CYAN = "\033[36m".getBytes(US_ASCII);
    private static final byte[] PLAIN = "\033[0m".getBytes(US_ASCII);

    private final boolean colored;
    private final LogTime time;

    TerminalLine(boolean colored, ZoneId zone) {
        this.colored = colored;
        time = LogTime.ofDay(zone);
    }

    @Override
    public void write(EndedRequest request, byte[] client, long epochMillis, LineBuffer line) {
        RequestHead head = HeadText.requestLineOf(request);
        line.add(time.text(epochMillis)).add(' ').add(client).add(' ');
        if (head == null) {
            line.add('-');
        } else {
            HeadText.addMethod(head, line, Escape.MARK);
            HeadText.addTarget(head, line.add(' '), Escape.MARK);
        }
        line.add(' ');
        addStatus(request.status(), line);
        long tenths = request.nanos() / NANOS_PER_TENTH_MILLI;
        line.add(' ').add(request.bodyBytes()).add(BYTES);
        line.add(tenths / 10).add('.').add(tenths % 10).add(MILLIS);
        if (request.outcome() == Outcome.CUT) line.add(CUT);
    }

    private void addStatus(int status, LineBuffer line) {
        if (status == 0) {
            line.add('-');
        } else if (colored) {
            line.add(color(status)).add(status).add(PLAIN);
        } else {
            line.add(status);
        }
    }

    private static byte[] color(int status) {
        return switch (status / 100) {
            case 2 -> GREEN;
            case 3 -> CYAN;
            case 4 -> YELLOW;
            default -> RED;
        };
    }
}
