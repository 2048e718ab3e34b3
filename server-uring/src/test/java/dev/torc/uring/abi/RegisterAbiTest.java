package dev.torc.uring.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The structures of `io_uring_register(2)` that came after the headers of Linux 6.1: their numbers
/// are those that a C compiler made of newer ones.
class RegisterAbiTest {
    private static final Map<Class<?>, String> GOLDEN =
            Map.of(
                    SyncCancel.class, "ADDR=0 BYTES=64 FD=8 FLAGS=12 OPCODE=32 TIMEOUT=16",
                    Napi.class,
                            "BUSY_POLL_TO=0 BYTES=16 OPCODE=5 OP_PARAM=8 PREFER_BUSY_POLL=4"
                                    + " REGISTER=0 STATIC_ADD_ID=1 STATIC_DEL_ID=2"
                                    + " TRACKING_STATIC=1",
                    ClockRegister.class, "BYTES=16 CLOCKID=0",
                    CloneBuffers.class, "BYTES=32 DST_OFF=12 FLAGS=4 NR=16 SRC_FD=0 SRC_OFF=8",
                    MemRegion.class,
                            "BYTES=96 DESC_BYTES=64 DESC_FLAGS=16 DESC_SIZE=8 DESC_USER_ADDR=0"
                                    + " REG_BYTES=32 REG_FLAGS=8 REG_REGION_UPTR=0",
                    RegWait.class, "BYTES=64 FLAGS=20 MIN_WAIT_USEC=16 TS=0",
                    Restriction.class, "BYTES=16 OPCODE=0 VALUE=2",
                    FileIndexRange.class, "BYTES=16 LEN=4 OFF=0",
                    Query.class,
                            "BYTES=80 ENTER_FLAGS=24 FEATURE_FLAGS=8 HDR_BYTES=40 HDR_QUERY_DATA=8"
                                    + " HDR_QUERY_OP=16 HDR_RESULT=24 HDR_SIZE=20"
                                    + " NR_REGISTER_OPCODES=4 NR_REQUEST_OPCODES=0 OPCODE_BYTES=40"
                                    + " RING_SETUP_FLAGS=16 SQE_FLAGS=32");

    static Stream<Class<?>> structs() {
        return GOLDEN.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("structs")
    void structuresHaveTheKernelsSizesAndOffsets(Class<?> struct) throws Exception {
        Map<String, Integer> constants = new TreeMap<>();
        for (Field field : struct.getFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                constants.put(field.getName(), field.getInt(null));
            }
        }
        StringBuilder text = new StringBuilder();
        constants.forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
        assertEquals(GOLDEN.get(struct), text.substring(1));
    }

    /// Everything that is not said is 0, whatever was there: the kernel refuses what it does not
    /// know.
    @Test
    void whatIsNotSaidIsZero() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(128, 8).fill((byte) -1);
            SyncCancel.put(memory.address(), 1, 2, 3, 4, 5);
            assertEquals("1 17179869186 0 5 3 0 0 0", words(memory, 8));
            memory.fill((byte) -1);
            SyncCancel.put(memory.address(), 0, 0, 0, 0, Long.MAX_VALUE);
            assertEquals("0 0 -1 -1 0 0 0 0", words(memory, 8));
            memory.fill((byte) -1);
            Napi.put(memory.address(), 7, true);
            assertEquals((1L << 32 | 7) + " 0", words(memory, 2));
            Napi.putOperation(memory.address(), 2, 9);
            assertEquals((2L << 40 | 1L << 32 | 7) + " 9", words(memory, 2));
            memory.fill((byte) -1);
            CloneBuffers.put(memory.address(), 1, 2);
            CloneBuffers.putRange(memory.address(), 3, 4, 5);
            assertEquals((2L << 32 | 1) + " " + (4L << 32 | 3) + " 5 0", words(memory, 4));
            memory.fill((byte) -1);
            Restriction.put(memory.address(), 3, 0x80);
            assertEquals((0x80L << 16 | 3) + " 0", words(memory, 2));
            memory.fill((byte) -1);
            MemRegion.putWaits(memory.address(), 4096, 8192);
            long description = memory.address() + MemRegion.REG_BYTES;
            assertEquals(description + " 1 0 0 4096 8192 1 0 0 0 0 0", words(memory, 12));
            memory.fill((byte) 0);
            RegWait.put(memory.address(), 9, 1_000_000_001);
            assertEquals("1 1 " + (1L << 32 | 9) + " 0 0 0 0 0", words(memory, 8));
            RegWait.put(memory.address(), 0, Long.MAX_VALUE);
            assertEquals("0 0 0 0 0 0 0 0", words(memory, 8));
        }
    }

    private static String words(MemorySegment memory, int count) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < count; i++) {
            words.append(' ').append(memory.getAtIndex(ValueLayout.JAVA_LONG, i));
        }
        return words.substring(1);
    }
}
