package dev.torc.uring.abi;

/// `siginfo_t`, 128 bytes, as far as `waitid(2)` fills it in.
public final class SigInfo {
    public static final int BYTES = 128;
    public static final int SIGNO = 0;
    public static final int CODE = 8;
    public static final int PID = 16;
    public static final int UID = 20;
    public static final int STATUS = 24;

    private SigInfo() {}
}
