package dev.torc.testkit.sim;

import dev.torc.core.Slice;
import dev.torc.core.TimerWheel;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;

import org.jspecify.annotations.Nullable;

import java.util.SplittableRandom;

/// Sends back what it receives, in order, and now and then does something else that a handler may
/// do. Watches over what it is promised.
final class EchoHandler implements ConnectionHandler {
    private final SplittableRandom chance;
    private final int mischief;
    private final boolean addresses;
    private @Nullable String broken;
    private @Nullable CloseReason end;
    private boolean opened;
    private boolean ended;
    private boolean told;
    private boolean halfClosed;

    /// `addresses`: whether the kernel can always say a connection's addresses.
    EchoHandler(SplittableRandom chance, boolean addresses, Connection connection) {
        this.addresses = addresses;
        this.chance = chance;
        mischief = chance.nextInt(3) == 0 ? chance.nextInt(300) : 0;
        if (mischief > 0 && chance.nextInt(10) == 0) misbehave(connection);
    }

    @Override
    public void onOpen(Connection connection) {
        expect(!opened && end == null, "onOpen");
        opened = true;
        if (chance.nextInt(4) == 0) {
            expect(connection.localAddress() != null || !addresses, "a local address");
        }
        maybeMisbehave(connection);
    }

    @Override
    public void onReceive(Connection connection, Slice data) {
        expect(opened && !ended && end == null, "onReceive");
        expect(data.length() > 0, "data");
        Slice copy = connection.shard().buffers().take(data.length());
        if (copy == null) throw new AssertionError("the pool gave nothing");
        copy.append(data.address(), data.length());
        boolean room = connection.send(copy);
        if (!room && !halfClosed && !connection.isClosing()) {
            told = true;
            connection.pauseReceive();
        }
        maybeMisbehave(connection);
    }

    @Override
    public void onWritable(Connection connection) {
        expect(told && end == null, "onWritable");
        expect(connection.queuedBytes() == 0, "an empty queue");
        told = false;
        connection.resumeReceive();
        maybeMisbehave(connection);
    }

    @Override
    public void onEnd(Connection connection) {
        expect(opened && !ended && end == null, "onEnd");
        ended = true;
        if (chance.nextInt(4) == 0) {
            endSend(connection);
        } else {
            connection.close();
        }
    }

    @Override
    public void onStopping(Connection connection) {
        expect(end == null, "onStopping");
        if (chance.nextBoolean()) connection.close();
    }

    @Override
    public void onClose(Connection connection, CloseReason reason) {
        expect(end == null, "onClose");
        expect(connection.queuedBytes() == 0, "nothing queued at the end");
        end = reason;
    }

    boolean isOpen() {
        return end == null;
    }

    void check(String replay) {
        if (broken != null) throw new AssertionError("not as promised: " + broken + replay);
        if (end == null) throw new AssertionError("a connection never closed" + replay);
        if (end == CloseReason.FAILED) throw new AssertionError("closed as FAILED" + replay);
    }

    private void expect(boolean kept, String promise) {
        if (!kept && broken == null) broken = promise;
    }

    private void maybeMisbehave(Connection connection) {
        if (chance.nextInt(1000) < mischief) misbehave(connection);
    }

    private void misbehave(Connection connection) {
        switch (chance.nextInt(7)) {
            case 0 -> connection.close();
            case 1 -> connection.closeLingering();
            case 2 -> connection.abort(CloseReason.TIMEOUT);
            case 3 -> endSend(connection);
            case 4 -> throw new IllegalStateException("thrown as the test wants");
            case 5 -> pauseFor(connection, chance.nextLong(5_000_000));
            default -> connection.shard().execute(() -> endLater(connection));
        }
    }

    private void endLater(Connection connection) {
        if (end != null) return;
        if (chance.nextBoolean()) {
            endSend(connection);
        } else {
            connection.close();
        }
    }

    /// From here on the connection takes no more to send, so nothing is worth a pause.
    private void endSend(Connection connection) {
        halfClosed = true;
        told = false;
        connection.endSend();
        connection.resumeReceive();
    }

    private void pauseFor(Connection connection, long nanos) {
        connection.pauseReceive();
        TimerWheel.Timer timer =
                new TimerWheel.Timer() {
                    @Override
                    protected void onExpire(long nowNanos) {
                        if (end == null) connection.resumeReceive();
                    }
                };
        connection.shard().timers().schedule(timer, connection.shard().nowNanos() + nanos);
    }
}
