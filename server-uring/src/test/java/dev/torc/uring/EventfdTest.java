package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.foreign.ValueLayout;

class EventfdTest {
    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    void signalsOfOtherThreadsEndTheRingsWait() throws Exception {
        try (Rig rig = new Rig();
                Eventfd event = new Eventfd()) {
            IoMemory counter = rig.memory(Long.BYTES);
            rig.next().prepareRead(event.fd(), counter, 0, Long.BYTES, -1, 1);
            Thread other = Thread.ofPlatform().start(event::signal);
            assertEquals(new Completion(1, Long.BYTES, 0), rig.take());
            other.join(10_000);
            event.signal();
            event.signal();
            rig.next().prepareRead(event.fd(), counter, 0, Long.BYTES, -1, 2);
            assertEquals(new Completion(2, Long.BYTES, 0), rig.take());
            assertEquals(2, counter.segment().get(ValueLayout.JAVA_LONG, 0));
        }
    }

    @Test
    void afterCloseASignalGoesNowhere() {
        long before = Kernel.descriptors();
        Eventfd event = new Eventfd();
        assertTrue(event.fd() >= 0);
        event.close();
        event.close();
        event.signal();
        assertEquals(before, Kernel.descriptors());
    }
}
