package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RigTest {
    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    void runsAnOperationAndHasItsMemoryBack() {
        try (Rig rig = new Rig()) {
            int[] pair = rig.socketPair();
            IoMemory memory = rig.memory(8);
            rig.next().prepareRead(pair[0], memory, 0, 8, -1, 5);
            assertEquals(1, rig.ring.submit());
            assertTrue(memory.isLent());
            assertEquals(3, Libc.write(pair[1], "abc".getBytes(UTF_8)));
            assertEquals(new Completion(5, 3, 0), rig.take());
            assertFalse(memory.isLent());
            assertEquals("abc", memory.text());
        }
    }

    @Test
    void closingEndsWhatIsOutstanding() {
        Rig rig = new Rig();
        IoMemory memory = IoMemory.allocate(8);
        rig.next().prepareRead(rig.socketPair()[0], memory, 0, 8, -1, 5);
        rig.ring.submit();
        memory.close();
        assertTrue(memory.isLent());
        rig.close();
        assertFalse(memory.isLent());
        assertThrows(IllegalStateException.class, rig::next);
    }
}
