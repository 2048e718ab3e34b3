package dev.torc.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/// A simulation that finds nothing proves something only if it finds what is there: each rule of
/// the transport is broken in turn, and a few seeds must tell.
class CanaryTest {
    private static final int SEEDS_MAX = 300;
    private static final String TRANSPORT = "dev.torc.uring.transport.";

    @ParameterizedTest(name = "{0}.{1} without {2}: {4}")
    @CsvSource({
        "UringConnection, advanceClose, isWithKernel, 0, closes while a send is with the kernel",
        "SlotTable, claim, nextGeneration, 0, gives every connection of a slot one generation",
        "UringTransport, onReceive, recycle, 0, keeps the receive buffers",
        "UringTransport, poll, rearmStarved, 0, forgets who found no receive buffer",
        "UringTransport, poll, completionsOverflowed, 0, takes a failed send for done",
        "UringTransport, finishJoined, released, 0, does not accept again when a slot is free",
        "UringConnection, settleSoon, settleSoon, 0, sleeps while a silent send is waited for",
        "WakeEvent, onCompletion, arm, 0, can be woken once",
        "Acceptor, arm, freeCount, 1000000, accepts more than it has slots for",
        "Admission, settle, settleSoon, 0, sleeps while a client's address is asked for",
        "Admission, decide, claim, 1, opens whatever a client asks for",
        "Admission, decide, abort, 0, keeps what it has refused",
        "Admission, ended, release, 0, never counts a client's connections down",
        "SendQueue, completed, sendArmed, 0, drops the rest of a send",
        "SendQueue, completed, releaseAll, 0, keeps what was not sent",
        "SendQueue, settled, releaseAll, 0, keeps what was sent",
    })
    void isCaught(String owner, String method, String callee, int result, String rule) {
        BrokenBuild broken = new BrokenBuild(TRANSPORT + owner, method, callee, result);
        for (long seed = 0; seed < SEEDS_MAX; seed++) {
            if (isCaughtBy(broken, seed)) {
                assertTrue(broken.callsLeftOut() > 0, "nothing was broken");
                System.out.println("a build that " + rule + " is caught by seed " + seed);
                return;
            }
        }
        fail("a build that " + rule + " is not caught; calls left out: " + broken.callsLeftOut());
    }

    private static boolean isCaughtBy(BrokenBuild broken, long seed) {
        try {
            Class<?> type = broken.loadClass(EchoScenario.class.getName());
            Constructor<?> constructor = type.getDeclaredConstructor(long.class);
            constructor.setAccessible(true);
            Method run = type.getDeclaredMethod("run");
            run.setAccessible(true);
            run.invoke(constructor.newInstance(seed));
            return false;
        } catch (InvocationTargetException caught) {
            return true;
        } catch (ReflectiveOperationException bug) {
            throw new LinkageError("the scenario cannot be run", bug);
        }
    }
}
