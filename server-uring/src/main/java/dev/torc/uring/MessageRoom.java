package dev.torc.uring;

import dev.torc.uring.abi.RecvmsgOut;
import dev.torc.uring.abi.SockAddr;

/// Room at the beginning of each buffer of a multishot `RECVMSG`, for what comes with the data. The
/// kernel sets that apart in every buffer, needed or not.
///
/// @param addressBytes for the sender's address: 16 for IPv4, 28 for IPv6, 128 for any, or 0
/// @param controlBytes for control messages, or 0
public record MessageRoom(int addressBytes, int controlBytes) {
    private static final int CONTROL_BYTES_MAX = 1 << 20;

    /// @throws IllegalArgumentException when there is room for too much, or less than nothing
    public MessageRoom {
        Arguments.requireRange("addressBytes", addressBytes, 0, SockAddr.STORAGE_BYTES);
        Arguments.requireRange("controlBytes", controlBytes, 0, CONTROL_BYTES_MAX);
    }

    /// Bytes of a buffer that are before the data.
    public int bytes() {
        return RecvmsgOut.BYTES + addressBytes + controlBytes;
    }
}
