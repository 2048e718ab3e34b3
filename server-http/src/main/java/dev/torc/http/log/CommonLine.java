package dev.torc.http.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.torc.http.EndedRequest;
import dev.torc.http.log.LineBuffer.Escape;
import dev.torc.http.message.RequestHead;

import org.jspecify.annotations.Nullable;

import java.time.ZoneId;

/// The Common Log Format, or the Combined one: what every tool reads.
final class CommonLine implements LineFormat {
    /// Of nginx: the client has gone before there was an answer.
    private static final int CLIENT_GONE = 499;

    private static final byte[] NOBODY = " - - [".getBytes(US_ASCII);
    private static final byte[] REQUEST = "] \"".getBytes(US_ASCII);
    private static final byte[] VERSION = " HTTP/1.".getBytes(US_ASCII);
    private static final byte[] STATUS = "\" ".getBytes(US_ASCII);
    private static final byte[] FIELD = " \"".getBytes(US_ASCII);
    private static final byte[] REFERER = "referer".getBytes(US_ASCII);
    private static final byte[] USER_AGENT = "user-agent".getBytes(US_ASCII);

    private final boolean combined;
    private final LogTime time;

    CommonLine(boolean combined, ZoneId zone) {
        this.combined = combined;
        time = LogTime.common(zone);
    }

    @Override
    public void write(EndedRequest request, byte[] client, long epochMillis, LineBuffer line) {
        RequestHead head = HeadText.requestLineOf(request);
        line.add(client).add(NOBODY).add(time.text(epochMillis)).add(REQUEST);
        if (head == null) {
            line.add('-');
        } else {
            HeadText.addMethod(head, line, Escape.HEX);
            HeadText.addTarget(head, line.add(' '), Escape.HEX);
            line.add(VERSION).add((char) ('0' + head.minorVersion()));
        }
        line.add(STATUS).add(request.status() == 0 ? CLIENT_GONE : request.status()).add(' ');
        long bytes = request.bodyBytes();
        if (bytes == 0) {
            line.add('-');
        } else {
            line.add(bytes);
        }
        if (combined) {
            addField(head, REFERER, line);
            addField(head, USER_AGENT, line);
        }
    }

    private static void addField(@Nullable RequestHead head, byte[] name, LineBuffer line) {
        line.add(FIELD);
        if (head == null || !HeadText.addField(head, name, line, Escape.HEX)) line.add('-');
        line.add('"');
    }
}
