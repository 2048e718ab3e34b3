package dev.torc.http;

import dev.torc.http.Ask.Framing;
import dev.torc.testkit.sim.Peer;
import dev.torc.testkit.sim.Simulation;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A client of an [HttpScenario]: sends requests in pieces, checks every answer, and leaves, or has
/// to, in one of the ways that clients have.
final class ScenarioClient {
    private static final int RETRIES_MAX = 2000;
    private static final int PATIENCE_STEPS = 3000;
    private static final int SEND_BYTES = 1 << 16;
    private static final long LINGER_NANOS = 2_000_000_000;
    private static final long SECOND_NANOS = 1_000_000_000;

    private enum Manner {
        /// Ends its output after the last request.
        HALF_CLOSING,
        /// Closes after the last answer.
        LEAVING,
        /// Says that a request is the last.
        ANNOUNCING,
        /// Waits for nothing until the server closes.
        IDLE,
        /// Stops in the middle of a request.
        STALLING,
        /// Asks for something that makes the server close, and goes on sending.
        CLOSED_UPON,
        /// Asks for an answer that will be aborted.
        BROKEN_UPON,
        /// Asks for what is never answered, and half-closes.
        FORSAKEN,
        /// Does not read for a while, perhaps longer than any timeout.
        DEAF,
        /// Closes in the middle.
        HASTY,
        /// Resets in the middle.
        RUDE
    }

    /// Bytes received in all by some time.
    private record Received(long timeNanos, long bytes) {}

    private final Simulation simulation;
    private final int port;
    private final HttpTimeouts timeouts;
    private final boolean mayLose;
    private final SplittableRandom chance;
    private final Manner manner;
    private final List<Ask> asks = new ArrayList<>();
    private final AnswerCheck check;
    private final Runnable onStep;
    private final int depthMax;
    private final int pieceBytesMax;
    private final long pauseNanosMax;
    private final long deafNanos;
    private final int slowness;
    private final byte[] buffer = new byte[4096];
    private final ArrayDeque<Received> recently = new ArrayDeque<>();
    private @Nullable Peer peer;
    private @Nullable String broken;
    private int asking;
    private int asked;
    private long sentBytes;
    private long receivedBytes;
    private long leaveAtBytes;
    private long connectedNanos;
    private long progressNanos;
    private long lastSentNanos;
    private long closingSinceNanos;
    private int retries;
    private int idleSteps;
    private boolean outputEnded;
    private boolean tolerant;
    private boolean done;

    /// `mayLose`: whether a connection may be lost before it is accepted. `onStep` runs whenever it
    /// does anything.
    ScenarioClient(
            Simulation simulation,
            int port,
            HttpLimits limits,
            boolean mayLose,
            SplittableRandom chance,
            Runnable onStep) {
        this.simulation = simulation;
        this.port = port;
        this.mayLose = mayLose;
        this.chance = chance;
        this.onStep = onStep;
        timeouts = limits.timeouts();
        Manner[] manners = Manner.values();
        manner = manners[chance.nextInt(manners.length)];
        depthMax = chance.nextBoolean() ? 1 : 1 + chance.nextInt(12);
        pieceBytesMax = 1 << chance.nextInt(13);
        pauseNanosMax = 1L << (8 + chance.nextInt(13));
        long most = Math.max(timeouts.idle().toNanos(), timeouts.write().toNanos());
        deafNanos = chance.nextLong(2 * most + 5 * SECOND_NANOS);
        slowness = chance.nextInt(6) == 0 ? 20 : 1;
        plan(new DrawnAsks(chance.split(), limits));
        check = new AnswerCheck(asks);
    }

    private void plan(DrawnAsks drawn) {
        int count = chance.nextInt(chance.nextBoolean() ? 3 : 12);
        for (int i = 0; i < count; i++) asks.add(drawn.polite());
        switch (manner) {
            case ANNOUNCING -> asks.add(drawn.last());
            case CLOSED_UPON -> asks.add(drawn.closing());
            case BROKEN_UPON -> asks.add(drawn.breaking());
            case FORSAKEN -> asks.add(drawn.never());
            case STALLING -> {
                Ask whole = drawn.polite();
                while (whole.framing() == Framing.NO_BODY) whole = drawn.polite();
                asks.add(whole.stalledAt(1 + chance.nextInt(whole.bytes().length - 1)));
            }
            default -> asks.add(drawn.polite());
        }
        long total = 0;
        for (Ask ask : asks) total += ask.bytes().length;
        leaveAtBytes = chance.nextLong(1 + total);
    }

    void start() {
        progressNanos = simulation.nowNanos();
        simulation.schedule(pause(), this::connect);
    }

    boolean done() {
        return done;
    }

    int answered() {
        return check.answered();
    }

    /// Whether it has waited for so long that it never will be served.
    boolean isStuck() {
        return !done && idleSteps > PATIENCE_STEPS;
    }

    /// From now on the server may end the connection when it likes.
    void tolerate() {
        tolerant = true;
        check.tolerate();
    }

    /// Ends it, wherever it is.
    void leave() {
        if (!done && peer != null) peer.reset();
        done = true;
    }

    void check(String replay) {
        String wrong = check.broken() == null ? broken : check.broken();
        if (wrong != null) throw new AssertionError(wrong + ": " + this + replay);
    }

    @Override
    public String toString() {
        String state = outputEnded ? ", ended" : "";
        if (isStuck()) state += ", stuck";
        String sent = ", sent " + asking + " and " + asked + " bytes (" + sentBytes + ")";
        return manner + " " + check + sent + ", received " + receivedBytes + state;
    }

    private Duration pause() {
        // One that waits looks less and less often.
        long max = idleSteps > 1000 ? SECOND_NANOS : idleSteps > 100 ? 20_000_000 : pauseNanosMax;
        return Duration.ofNanos(chance.nextLong(1 + max));
    }

    private void connect() {
        if (done) return;
        peer = simulation.connect(port);
        if (peer != null) {
            progressed();
            connectedNanos = progressNanos;
            long most = chance.nextInt(3) > 0 ? 1 : 2 * timeouts.checkInterval().toNanos();
            simulation.schedule(Duration.ofNanos(chance.nextLong(most)), this::step);
        } else if (++retries < RETRIES_MAX) {
            simulation.schedule(Duration.ofMillis(Math.min(5 * retries, 1000)), this::connect);
        } else {
            done = true; // the server has stopped, or is full of clients that stay
        }
    }

    private void step() {
        Peer connected = peer;
        if (done || connected == null) return;
        onStep.run();
        idleSteps++;
        if (chance.nextInt(3) > 0) write(connected);
        boolean hears = manner != Manner.DEAF || waitedNanos() > deafNanos;
        if (!done && hears && chance.nextInt(3 * slowness()) < 2) read(connected);
        if (!done) maybeLeave(connected);
        if (!done) simulation.schedule(pause(), this::step);
    }

    private int slowness() {
        return idleSteps > 100 ? 1 : slowness;
    }

    private void maybeLeave(Peer connected) {
        boolean answered = check.answered() == asks.size();
        boolean early = manner == Manner.HASTY || manner == Manner.RUDE;
        boolean leaves = manner == Manner.LEAVING && answered;
        if (early && sentBytes >= leaveAtBytes) leaves = chance.nextInt(10) == 0;
        if (!leaves) return;
        done = true;
        if (manner == Manner.RUDE) {
            connected.reset();
        } else {
            connected.close();
        }
    }

    private void write(Peer connected) {
        if (outputEnded) return;
        if (asking == asks.size()) {
            boolean ends = manner == Manner.HALF_CLOSING || manner == Manner.FORSAKEN;
            if (!ends) return;
            outputEnded = true;
            connected.endOutput();
            return;
        }
        if (asking - check.answered() >= depthMax && asked == 0) return;
        Ask ask = asks.get(asking);
        int limit = ask.bytes().length;
        boolean waits = ask.expectsContinue() && asked <= ask.headBytes() && idleSteps < 200;
        if (waits && !(check.answered() == asking && check.continued()))
            limit = Math.min(limit, ask.headBytes());
        int bytes = Math.min(limit - asked, 1 + chance.nextInt(pieceBytesMax));
        int written = bytes == 0 ? 0 : connected.write(ask.bytes(), asked, bytes);
        if (written == Peer.RESET) {
            finish(connected, false);
            return;
        }
        asked += written;
        sentBytes += written;
        if (written > 0) {
            progressed();
            lastSentNanos = simulation.nowNanos();
            if (asked == written && asking == asks.size() - 1) closingSinceNanos = lastSentNanos;
        }
        if (asked == ask.bytes().length) {
            asking++;
            asked = 0;
        }
    }

    private void read(Peer connected) {
        int bytes = connected.read(buffer, 0, 1 + chance.nextInt(buffer.length));
        if (bytes > 0) {
            check.accept(buffer, bytes);
            recently.add(new Received(simulation.nowNanos(), receivedBytes));
            receivedBytes += bytes;
            progressed();
        }
        if (check.broken() != null) {
            done = true;
            connected.reset();
        } else if (bytes < 0) {
            if (bytes == Peer.END) check.end();
            finish(connected, bytes == Peer.END);
        }
    }

    private void progressed() {
        idleSteps = 0;
        progressNanos = simulation.nowNanos();
    }

    private long waitedNanos() {
        return simulation.nowNanos() - progressNanos;
    }

    /// The connection has ended, in order or not.
    private void finish(Peer connected, boolean inOrder) {
        done = true;
        connected.close();
        boolean lost = mayLose && !inOrder && receivedBytes == 0;
        if (!tolerant && !lost && !mayEnd(inOrder) && !wasTooSlow()) {
            long millis = (simulation.nowNanos() - connectedNanos) / 1_000_000;
            broken = "the connection ended" + (inOrder ? "" : " with a reset");
            broken += " after " + millis + " ms, " + waitedNanos() / 1_000_000 + " ms of silence";
        }
    }

    private boolean mayEnd(boolean inOrder) {
        boolean complete = check.answered() == asks.size() && !check.isWithinAnswer();
        boolean last = check.answered() >= asks.size() - 1;
        return switch (manner) {
            case HALF_CLOSING, ANNOUNCING -> complete && inOrder;
            case LEAVING -> false;
            case IDLE -> complete && inOrder && isTimely();
            case STALLING -> complete && inOrder;
            case CLOSED_UPON -> complete || lingeredFor(LINGER_NANOS);
            // An abort drops the answers before it, too.
            case BROKEN_UPON -> asking == asks.size();
            case FORSAKEN -> last;
            case DEAF, HASTY, RUDE -> true;
        };
    }

    /// Whether it may have been cut for not reading: a server hears in steps of so many bytes of
    /// what its peer has taken.
    private boolean wasTooSlow() {
        long now = simulation.nowNanos();
        long nanos = timeouts.write().toNanos();
        if (now - connectedNanos < nanos) return false;
        while (!recently.isEmpty() && now - recently.peek().timeNanos() > nanos) recently.poll();
        long before = recently.isEmpty() ? receivedBytes : recently.peek().bytes();
        return receivedBytes - before < SEND_BYTES && asking > check.answered();
    }

    /// Whether the server has waited for another request for as long as it should.
    private boolean isTimely() {
        long idle = timeouts.idle().toNanos();
        boolean early = simulation.nowNanos() - lastSentNanos < idle;
        long latest = idle + 2 * timeouts.checkInterval().toNanos() + 3 * SECOND_NANOS;
        return !early && waitedNanos() <= latest;
    }

    private boolean lingeredFor(long nanos) {
        boolean unread = asks.getLast().framing() == Framing.LENGTH;
        return unread && simulation.nowNanos() - closingSinceNanos >= nanos;
    }
}
