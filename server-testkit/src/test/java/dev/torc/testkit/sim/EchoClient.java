package dev.torc.testkit.sim;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.time.Duration;
import java.util.SplittableRandom;

/// A client of an [EchoScenario]: sends a pattern, checks what comes back byte by byte, and leaves
/// in one of the ways that clients have.
final class EchoClient {
    private static final int RETRIES_MAX = 2000;
    private static final int PATIENCE_STEPS = 3000;

    private enum Manner {
        /// Ends its output and reads to the end.
        POLITE,
        /// Closes in the middle.
        HASTY,
        /// Resets in the middle.
        RUDE,
        /// Does not read at all, then leaves.
        DEAF
    }

    private final Simulation simulation;
    private final int port;
    private final InetAddress host;
    private final SplittableRandom chance;
    private final Manner manner;
    private final long total;
    private final long leaveAt;
    private final long pauseNanosMax;
    private final byte[] buffer = new byte[4096];
    private @Nullable Peer peer;
    private @Nullable String broken;
    private long sent;
    private long received;
    private int retries;
    private int steps;
    private int idleSteps;
    private boolean outputEnded;
    private boolean done;
    private boolean endSeen;

    /// Connects from `host`.
    EchoClient(Simulation simulation, int port, InetAddress host, SplittableRandom chance) {
        this.simulation = simulation;
        this.port = port;
        this.host = host;
        this.chance = chance;
        Manner[] manners = Manner.values();
        manner = chance.nextBoolean() ? Manner.POLITE : manners[chance.nextInt(manners.length)];
        total = chance.nextLong(1L << chance.nextInt(16));
        leaveAt = chance.nextLong(total + 1);
        pauseNanosMax = 1L << (8 + chance.nextInt(16));
    }

    static byte pattern(long place) {
        return (byte) ((place * 0x9E3779B97F4A7C15L) >>> 56);
    }

    void start() {
        simulation.schedule(pause(), this::connect);
    }

    boolean done() {
        return done;
    }

    /// Whether it has waited for so long that it never will be served.
    boolean isStuck() {
        return !done && idleSteps > PATIENCE_STEPS;
    }

    /// Ends it, wherever it is.
    void leave() {
        if (!done && peer != null) peer.reset();
        done = true;
    }

    void check(String replay) {
        if (broken != null) throw new AssertionError(broken + replay);
        if (endSeen && manner == Manner.POLITE && received > sent) {
            throw new AssertionError("more came back than was sent" + replay);
        }
    }

    @Override
    public String toString() {
        String total = manner + " sent " + sent + " of " + this.total + ", received " + received;
        return total + (outputEnded ? ", ended" : "") + (isStuck() ? ", stuck" : "");
    }

    private Duration pause() {
        // One that waits looks less and less often.
        long max = idleSteps > 100 ? 20_000_000 : pauseNanosMax;
        return Duration.ofNanos(chance.nextLong(1 + max));
    }

    private void connect() {
        if (done) return;
        peer = simulation.connect(port, host);
        if (peer != null) {
            step();
        } else if (++retries < RETRIES_MAX) {
            simulation.schedule(Duration.ofMillis(5), this::connect);
        } else {
            done = true; // the server has stopped, or is full of clients that stay
        }
    }

    private void step() {
        Peer connected = peer;
        if (done || connected == null) return;
        steps++;
        idleSteps++;
        if (chance.nextInt(3) > 0) write(connected);
        if (!done && manner != Manner.DEAF && chance.nextInt(3) > 0) read(connected);
        boolean mayLeave = manner != Manner.POLITE && (sent >= leaveAt || steps > 100);
        boolean leaves = mayLeave && chance.nextInt(10) == 0;
        if (!done && leaves) {
            done = true;
            if (manner == Manner.RUDE) {
                connected.reset();
            } else {
                connected.close();
            }
        }
        if (!done) simulation.schedule(pause(), this::step);
    }

    private void write(Peer connected) {
        if (outputEnded) return;
        int bytes = (int) Math.min(1 + chance.nextInt(buffer.length), total - sent);
        for (int i = 0; i < bytes; i++) buffer[i] = pattern(sent + i);
        int written = bytes == 0 ? 0 : connected.write(buffer, 0, bytes);
        if (written == Peer.RESET) {
            finish(connected);
            return;
        }
        sent += written;
        if (written > 0) idleSteps = 0;
        if (sent == total) {
            outputEnded = true;
            connected.endOutput();
        }
    }

    private void read(Peer connected) {
        int bytes = connected.read(buffer, 0, 1 + chance.nextInt(buffer.length));
        for (int i = 0; i < bytes; i++) {
            if (buffer[i] == pattern(received + i)) continue;
            broken = "wrong byte at " + (received + i);
            break;
        }
        if (bytes > 0) {
            received += bytes;
            idleSteps = 0;
        }
        if (bytes == Peer.END) endSeen = true;
        if (bytes < 0) finish(connected);
    }

    private void finish(Peer connected) {
        done = true;
        connected.close();
    }
}
