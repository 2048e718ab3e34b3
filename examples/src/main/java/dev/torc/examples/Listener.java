package dev.torc.examples;

import dev.torc.core.Slice;
import dev.torc.http.BodyProducer;
import dev.torc.http.Response;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/// One who listens to [Events]: what is still to be sent, and where to. Told by any thread, asked
/// by its shard's.
final class Listener implements BodyProducer {
    private static final int WAITING_BYTES_MAX = 1 << 20;

    private final Response response;
    private final Consumer<Listener> gone;
    private final Queue<byte[]> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private int sentOfFirst;

    Listener(Response response, Consumer<Listener> gone) {
        this.response = response;
        this.gone = gone;
    }

    /// Queues an event, or ends this one who does not read.
    synchronized void tell(byte[] event) {
        if (waitingBytes + event.length > WAITING_BYTES_MAX) {
            response.abort();
            return;
        }
        waiting.add(event);
        waitingBytes += event.length;
        response.resume();
    }

    @Override
    public synchronized Progress produce(Slice buffer) {
        byte[] first = waiting.peek();
        while (first != null && buffer.remaining() > 0) {
            int bytes = Math.min(first.length - sentOfFirst, buffer.remaining());
            buffer.append(first, sentOfFirst, bytes);
            sentOfFirst += bytes;
            if (sentOfFirst == first.length) {
                waiting.remove();
                waitingBytes -= first.length;
                sentOfFirst = 0;
                first = waiting.peek();
            }
        }
        return first == null ? Progress.LATER : Progress.MORE;
    }

    /// The client has gone, or was cut.
    @Override
    public void abandon() {
        gone.accept(this);
    }
}
