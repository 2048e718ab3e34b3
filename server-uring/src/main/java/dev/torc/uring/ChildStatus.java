package dev.torc.uring;

import dev.torc.uring.abi.SigInfo;

import java.lang.foreign.ValueLayout;

/// What has happened to a child, as a `waitid` on a ring writes it: a `siginfo_t`.
///
/// Its values are those of the last such operation that has completed with 0. All are 0 when that
/// had `WNOHANG` and no child's state had changed. [#close()] may come before an operation has
/// ended, as with [IoMemory].
public final class ChildStatus extends Lendable implements AutoCloseable {
    private final IoMemory info = IoMemory.allocate(SigInfo.BYTES);

    /// A status of which nothing is known yet: all zeroes.
    public ChildStatus() {}

    /// Its process id.
    public int pid() {
        return value(SigInfo.PID);
    }

    /// Its user id.
    public int uid() {
        return value(SigInfo.UID);
    }

    /// What has happened: `CLD_EXITED`, `CLD_KILLED`, ...
    public int code() {
        return value(SigInfo.CODE);
    }

    /// Its exit status when it has exited, otherwise the signal.
    public int status() {
        return value(SigInfo.STATUS);
    }

    /// Gives it up: it is freed now, or when the last operation that holds it has ended.
    @Override
    public void close() {
        info.close();
    }

    long address() {
        return info.address(0, SigInfo.BYTES);
    }

    @Override
    void lend() {
        info.lend();
    }

    @Override
    void giveBack() {
        info.giveBack();
    }

    private int value(int offset) {
        return info.segment().get(ValueLayout.JAVA_INT, offset);
    }
}
