package dev.torc.uring.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.core.memory.Memory;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;

class SqeLayoutTest {
    @Test
    void writesAllOfAnEntryAndNoMore() {
        try (Arena arena = Arena.ofConfined()) {
            long sqe = arena.allocate(2 * SqeLayout.BYTES, 8).fill((byte) 0x77).address();
            SqeLayout.put(sqe, 0xfe, -2, -3, -4, -5, -6);
            assertEquals(0xfe, Memory.getByte(sqe + SqeLayout.OPCODE) & 0xff);
            assertEquals(0, Memory.getByte(sqe + SqeLayout.FLAGS));
            assertEquals(0, Memory.getShort(sqe + SqeLayout.IOPRIO));
            assertEquals(-2, Memory.getInt(sqe + SqeLayout.FD));
            assertEquals(-3, Memory.getLong(sqe + SqeLayout.OFF));
            assertEquals(-4, Memory.getLong(sqe + SqeLayout.ADDR));
            assertEquals(-5, Memory.getInt(sqe + SqeLayout.LEN));
            assertEquals(0, Memory.getInt(sqe + SqeLayout.OP_FLAGS));
            assertEquals(-6, Memory.getLong(sqe + SqeLayout.USER_DATA));
            for (int offset = SqeLayout.BUF_INDEX; offset < SqeLayout.BYTES; offset++) {
                assertEquals(0, Memory.getByte(sqe + offset), "offset=" + offset);
            }
            for (int offset = SqeLayout.BYTES; offset < 2 * SqeLayout.BYTES; offset++) {
                assertEquals(0x77, Memory.getByte(sqe + offset), "offset=" + offset);
            }
        }
    }
}
