package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.MsgHdr;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;

class MessageHeaderTest {
    private static final InetSocketAddress ADDRESS =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);

    @Test
    void hasWhatItIsGiven() {
        try (IoMemory data = IoMemory.allocate(8);
                IoMemory control = IoMemory.allocate(64);
                IoVectors vectors = IoVectors.of(data, data);
                MessageHeader message = new MessageHeader()) {
            long header = message.armSend();
            assertEquals(0, Memory.getLong(header + MsgHdr.NAME));
            assertEquals(0, Memory.getLong(header + MsgHdr.IOVLEN));
            assertEquals(0, Memory.getLong(header + MsgHdr.CONTROL));
            message.setVectors(vectors).setDestination(ADDRESS).setControl(control, 16, 32);
            message.armSend();
            assertEquals(16, MsgHdr.nameBytes(header));
            assertEquals(vectors.address(), Memory.getLong(header + MsgHdr.IOV));
            assertEquals(2, Memory.getLong(header + MsgHdr.IOVLEN));
            assertEquals(control.address(16, 32), Memory.getLong(header + MsgHdr.CONTROL));
            assertEquals(32, MsgHdr.controlBytes(header));
            message.armReceive();
            assertEquals(128, MsgHdr.nameBytes(header));
            message.setVectors(null).setDestination(null).setControl(null, 0, 0);
            message.armSend();
            assertEquals(0, MsgHdr.nameBytes(header));
            assertEquals(0, Memory.getLong(header + MsgHdr.IOV));
            assertEquals(0, MsgHdr.controlBytes(header));
        }
    }

    @Test
    void isSentSeveralTimesAtOnceButReceivedAlone() {
        try (MessageHeader message = new MessageHeader()) {
            message.armSend();
            message.lend();
            message.armSend();
            assertThrows(IllegalStateException.class, message::armReceive);
            assertThrows(IllegalStateException.class, () -> message.setVectors(null));
            assertThrows(IllegalStateException.class, () -> message.setDestination(ADDRESS));
            assertThrows(IllegalStateException.class, () -> message.setControl(null, 0, 0));
            message.giveBack();
            message.armReceive();
            message.lend();
            assertThrows(IllegalStateException.class, message::armSend);
            assertThrows(IllegalStateException.class, message::armReceive);
            assertThrows(IllegalStateException.class, message::sender);
            message.giveBack();
        }
    }

    @Test
    void tellsNothingBeforeItHasReceived() {
        try (MessageHeader message = new MessageHeader()) {
            assertThrows(IllegalStateException.class, message::sender);
            message.armSend();
            assertThrows(IllegalStateException.class, message::control);
            assertThrows(IllegalStateException.class, message::flags);
        }
    }

    @Test
    void doesNotBelieveLengthsOfTheKernel() {
        try (IoMemory control = IoMemory.allocate(64);
                MessageHeader message = new MessageHeader().setControl(control, 16, 32)) {
            long header = message.armReceive();
            Memory.putLong(header + MsgHdr.CONTROLLEN, 1 << 20);
            assertEquals(32, message.control().byteSize());
            Memory.putLong(header + MsgHdr.CONTROLLEN, -1);
            assertEquals(0, message.control().byteSize());
            Memory.putInt(header + MsgHdr.NAMELEN, Integer.MAX_VALUE);
            assertNull(message.sender());
        }
    }

    @Test
    void lendsAllOrNothing() {
        IoMemory data = IoMemory.allocate(8);
        IoMemory control = IoMemory.allocate(64);
        IoVectors vectors = IoVectors.of(data);
        MessageHeader message = MessageHeader.of(vectors).setControl(control, 0, 64);
        control.close();
        assertThrows(IllegalStateException.class, message::lend);
        assertFalse(message.isLent() || vectors.isLent() || data.isLent());
        vectors.close();
        assertThrows(IllegalStateException.class, message::lend);
        assertFalse(message.isLent() || data.isLent());
        message.close();
        assertThrows(IllegalStateException.class, message::lend);
        assertThrows(IllegalStateException.class, message::armSend);
        assertThrows(IllegalStateException.class, () -> message.setDestination(ADDRESS));
        data.close();
    }

    @Test
    void staysUntilItIsGivenBack() {
        IoMemory control = IoMemory.allocate(64);
        MessageHeader message = new MessageHeader().setControl(control, 0, 64);
        message.armReceive();
        message.lend();
        control.close();
        message.close();
        assertTrue(message.isLent() && control.isLent());
        message.giveBack();
        assertFalse(message.isLent() || control.isLent());
    }

    @Test
    void refusesControlMemoryThatIsNotThere() {
        try (IoMemory control = IoMemory.allocate(64);
                MessageHeader message = new MessageHeader()) {
            assertThrows(
                    IndexOutOfBoundsException.class, () -> message.setControl(control, 32, 33));
            assertThrows(IndexOutOfBoundsException.class, () -> message.setControl(control, 0, -1));
        }
    }
}
