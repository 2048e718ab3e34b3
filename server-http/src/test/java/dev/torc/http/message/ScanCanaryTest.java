package dev.torc.http.message;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.torc.core.memory.Memory;
import dev.torc.http.FuzzInput;
import dev.torc.http.FuzzRun;
import dev.torc.http.FuzzTarget;
import dev.torc.http.message.AsciiFuzzTest.Scan;
import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;

/// The short run of [AsciiFuzzTest] would see a defect in a scan: it finds scans that are wrong on
/// purpose.
class ScanCanaryTest {
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    @Test
    void seesAnOverReadOfOneByte() {
        isSeen((address, limit) -> Ascii.textEnd(address, limit + 1));
    }

    @Test
    void seesAWordThatIsReadBeyondTheEnd() {
        isSeen(
                (address, limit) -> {
                    Memory.getLong(address);
                    return Ascii.textEnd(address, limit);
                });
    }

    @Test
    void seesAMaskThatForgetsDelete() {
        isSeen(ScanCanaryTest::forgetsDelete);
    }

    /// As [Ascii#textEnd(long, long)], but words have no mark for 0x7f.
    private static long forgetsDelete(long address, long limit) {
        long at = address;
        while (limit - at >= 8) {
            long word = Memory.getLong(at);
            if (((word - 0x20 * ONES) & ~word & HIGH) != 0) break;
            at += 8;
        }
        return Ascii.textEnd(at, limit);
    }

    private static void isSeen(Scan scan) {
        FuzzRun run =
                new FuzzRun(
                        new AsciiFuzzTest().seeds(),
                        input ->
                                AsciiFuzzTest.agrees(
                                        scan, FuzzInput.of(input), AsciiFuzzTest::isTextAt));
        assertThrows(AssertionError.class, () -> run.mutate(Seed.next(), FuzzTarget.EXECUTIONS));
    }
}
