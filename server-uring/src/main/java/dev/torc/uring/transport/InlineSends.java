package dev.torc.uring.transport;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// Sends that the kernel finishes while it takes their submission, in the order of submission.
///
/// A send with `MSG_DONTWAIT | MSG_WAITALL` and `IOSQE_CQE_SKIP_SUCCESS` either sends everything at
/// once and completes silently, or fails with a completion in the same `io_uring_enter` (a short
/// send counts as failed: its completion carries the bytes sent, see `io_sendrecv_fail` in the
/// kernel's `io_uring/net.c`). So once the kernel has consumed the entry and every completion that
/// it had posted by then has been handled, a send that was not heard of is done and its memory
/// free. That spares a completion per response, and the wake-up that it would cause.
///
/// Entries are numbered as in [dev.torc.uring.Ring#preparedCount()]. Allocates only to grow.
final class InlineSends {
    private @Nullable UringConnection[] connections = new UringConnection[256];
    private int[] numbers = new int[256];
    private int first;
    private int count;

    void add(UringConnection connection, int number) {
        if (count == numbers.length) grow();
        int last = (first + count) & (numbers.length - 1);
        connections[last] = connection;
        numbers[last] = number;
        count++;
    }

    /// Settles every send numbered before `consumed`.
    void settle(int consumed) {
        while (count > 0 && numbers[first] - consumed < 0) {
            UringConnection connection = connections[first];
            int number = numbers[first];
            connections[first] = null;
            first = (first + 1) & (numbers.length - 1);
            count--;
            if (connection != null) connection.inlineSendSettled(number);
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    private void grow() {
        int size = numbers.length;
        @Nullable UringConnection[] moved = Arrays.copyOf(connections, 2 * size);
        int[] movedNumbers = Arrays.copyOf(numbers, 2 * size);
        for (int i = 0; i < size; i++) {
            moved[i] = connections[(first + i) & (size - 1)];
            movedNumbers[i] = numbers[(first + i) & (size - 1)];
        }
        connections = moved;
        numbers = movedNumbers;
        first = 0;
    }
}
