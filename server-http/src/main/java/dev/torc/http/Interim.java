package dev.torc.http;

import dev.torc.http.message.Exchange;
import dev.torc.http.message.FieldLines;
import dev.torc.http.message.InterimFields;

/// The informational answers ahead of one response. Used by the response's thread, and again for
/// the next.
final class Interim {
    private static final int BYTES_MAX = 1 << 16;

    private final Exchange exchange;
    private int bytes;
    private int serial;

    Interim(Exchange exchange) {
        this.exchange = exchange;
    }

    /// Another response begins.
    void begin() {
        bytes = 0;
        serial++;
    }

    /// As [Response#inform(int, String...)] says.
    void send(Status status, String... namesAndValues) {
        if (status.code() < 102 || !status.isInformational()) {
            throw new IllegalArgumentException(
                    "an informational answer has a status from 102 to 199: status=" + status);
        }
        FieldLines fields = InterimFields.of(namesAndValues);
        bytes += status.line().length + fields.length() + 2;
        if (bytes > BYTES_MAX) {
            throw new IllegalStateException(
                    "informational answers are limited to " + BYTES_MAX + " bytes");
        }
        if (exchange.shard().isCurrent()) {
            exchange.inform(status, fields);
            return;
        }
        int informed = serial; // by the time it is the shard's turn, this may answer another
        exchange.shard()
                .execute(
                        () -> {
                            if (serial == informed) exchange.inform(status, fields);
                        });
    }
}
