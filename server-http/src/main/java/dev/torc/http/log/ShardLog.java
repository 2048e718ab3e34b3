package dev.torc.http.log;

import dev.torc.http.EndedRequest;
import dev.torc.http.EndedRequest.Outcome;
import dev.torc.http.RequestObserver;

import java.time.InstantSource;

/// Writes the lines of one shard's requests into its ring. On the shard's thread; allocates nothing
/// but the text of a new client's address, and of each new second.
final class ShardLog implements RequestObserver {
    private static final int FAILED_STATUS_MIN = 400;

    private final LogWriter writer;
    private final LineRing ring;
    private final LineFormat format;
    private final InstantSource clock;
    private final int sample;
    private final LineBuffer line = new LineBuffer();
    private final ClientText clients = new ClientText();
    private int passed;

    ShardLog(LogWriter writer, LineFormat format, int sample, InstantSource clock) {
        this.writer = writer;
        this.format = format;
        this.sample = sample;
        this.clock = clock;
        ring = writer.addRing();
        passed = sample - 1;
    }

    @Override
    public void onEnd(EndedRequest request) {
        if (!isChosen(request)) return;
        line.clear();
        byte[] client = clients.of(request.remoteAddress());
        format.write(request, client, clock.millis(), line);
        line.add('\n');
        if (ring.put(line.bytes(), line.length())) writer.linePut(ring);
    }

    private boolean isChosen(EndedRequest request) {
        boolean failed =
                request.status() >= FAILED_STATUS_MIN
                        || request.outcome() != Outcome.ANSWERED
                        || request.failure() != null;
        if (failed || sample == 1) return true;
        passed++;
        if (passed < sample) return false;
        passed = 0;
        return true;
    }
}
