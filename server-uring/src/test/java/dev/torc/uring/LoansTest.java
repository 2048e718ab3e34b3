package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class LoansTest {
    @Test
    void closingWhatNobodyHoldsIsTheEnd() {
        Loans loans = new Loans();
        assertFalse(loans.isClosed());
        assertTrue(loans.close());
        assertTrue(loans.isClosed());
        assertFalse(loans.close(), "only the first time");
    }

    @Test
    void theLastLoanIsTheEndWhenItWasClosedMeanwhile() {
        Loans loans = new Loans();
        loans.add("it");
        loans.add("it");
        assertEquals(2, loans.count());
        assertFalse(loans.close());
        assertFalse(loans.close());
        assertFalse(loans.remove());
        assertEquals(1, loans.count());
        assertTrue(loans.remove());
        assertEquals(0, loans.count());
    }

    @Test
    void aLoanThatEndsBeforeIsNotTheEnd() {
        Loans loans = new Loans();
        loans.add("it");
        assertFalse(loans.remove());
        assertTrue(loans.close());
    }

    @Test
    void nothingIsLentAfterItWasClosed() {
        Loans loans = new Loans();
        loans.add("it");
        loans.close();
        IllegalStateException refusal =
                assertThrows(IllegalStateException.class, () -> loans.add("memory"));
        assertEquals("memory has been closed", refusal.getMessage());
        assertEquals(1, loans.count());
        assertTrue(loans.remove());
    }

    /// Whatever the order of loans of some threads and the close of another, one of them is the
    /// end.
    @Test
    void exactlyOneThreadSeesTheEnd() throws Exception {
        for (int round = 0; round < 500; round++) {
            Loans loans = new Loans();
            AtomicInteger ends = new AtomicInteger();
            CountDownLatch start = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                threads.add(Thread.ofPlatform().start(() -> lendUntilClosed(loans, ends, start)));
            }
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        await(start);
                                        if (loans.close()) ends.incrementAndGet();
                                    }));
            start.countDown();
            for (Thread thread : threads) assertTrue(thread.join(java.time.Duration.ofSeconds(20)));
            assertEquals(1, ends.get(), "round=" + round);
            assertEquals(0, loans.count());
        }
    }

    private static void lendUntilClosed(Loans loans, AtomicInteger ends, CountDownLatch start) {
        await(start);
        try {
            while (true) {
                loans.add("it");
                if (loans.remove()) ends.incrementAndGet();
            }
        } catch (IllegalStateException closed) {
            assertTrue(loans.isClosed());
        }
    }

    private static void await(CountDownLatch start) {
        try {
            assertTrue(start.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }
}
