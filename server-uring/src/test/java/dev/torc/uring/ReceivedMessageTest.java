package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.uring.abi.RecvmsgOut;
import dev.torc.uring.abi.SockAddr;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;

class ReceivedMessageTest {
    private static final MessageRoom ROOM = new MessageRoom(16, 24);
    private static final int BYTES = ROOM.bytes() + 3;

    private final MemorySegment buffer = Arena.ofAuto().allocate(64, 8);

    @Test
    void readsEachPart() {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 99);
        SockAddr.put(buffer.address() + RecvmsgOut.BYTES, address);
        tell(16, 20, 3, Linux.MSG_TRUNC);
        buffer.set(ValueLayout.JAVA_BYTE, 32, (byte) 1);
        buffer.set(ValueLayout.JAVA_BYTE, 56, (byte) 2);
        ReceivedMessage message = ReceivedMessage.of(buffer, BYTES, ROOM);
        assertEquals(address, message.sender());
        assertEquals(20, message.control().byteSize());
        assertEquals(1, message.control().get(ValueLayout.JAVA_BYTE, 0));
        assertEquals(3, message.data().byteSize());
        assertEquals(2, message.data().get(ValueLayout.JAVA_BYTE, 0));
        assertEquals(3, message.messageBytes());
        assertTrue(message.isCutOff());
    }

    private void tell(int name, int control, int payload, int flags) {
        buffer.set(ValueLayout.JAVA_INT, RecvmsgOut.NAMELEN, name);
        buffer.set(ValueLayout.JAVA_INT, RecvmsgOut.CONTROLLEN, control);
        buffer.set(ValueLayout.JAVA_INT, RecvmsgOut.PAYLOADLEN, payload);
        buffer.set(ValueLayout.JAVA_INT, RecvmsgOut.FLAGS, flags);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 15, 55, 65, Integer.MAX_VALUE})
    void doesNotBelieveAWrongResult(int bytes) {
        assertThrows(IllegalStateException.class, () -> ReceivedMessage.of(buffer, bytes, ROOM));
    }

    @ParameterizedTest
    @CsvSource({"-1, 3", "25, 3", "0, 2", "0, -1"})
    void doesNotBelieveWrongLengths(int control, int payload) {
        tell(0, control, payload, 0);
        assertThrows(IllegalStateException.class, () -> ReceivedMessage.of(buffer, BYTES, ROOM));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 17, Integer.MAX_VALUE})
    void hasNoSenderWhereItsAddressIsNotWhole(int bytes) {
        SockAddr.put(
                buffer.address() + RecvmsgOut.BYTES,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 99));
        tell(bytes, 0, 3, 0);
        assertNull(ReceivedMessage.of(buffer, BYTES, ROOM).sender());
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "129, 0", "0, -1", "0, 1048577"})
    void refusesRoomForTooMuchOrTooLittle(int address, int control) {
        assertThrows(IllegalArgumentException.class, () -> new MessageRoom(address, control));
    }
}
