package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Commands for block devices (`URING_CMD`).
class BlockCommandSqeTest {
    private static final int BYTES = 1 << 20;
    private static final int FROM = 1 << 16;
    private static final int LENGTH = 1 << 17;

    @TempDir private Path directory = Path.of("");

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    private Path file() throws IOException {
        byte[] content = new byte[BYTES];
        Arrays.fill(content, (byte) 7);
        return Files.write(directory.resolve("file"), content);
    }

    @Test
    @Does("URING_CMD")
    void discardsAPiece() throws IOException {
        Path file = file();
        try (Rig rig = new Rig()) {
            int device = LoopDevice.open(rig, file);
            assertEquals(0, rig.run(rig.next().prepareCmdDiscard(device, FROM, LENGTH, 1)));
            byte[] expected = new byte[BYTES];
            Arrays.fill(expected, (byte) 7);
            Arrays.fill(expected, FROM, FROM + LENGTH, (byte) 0);
            assertArrayEquals(expected, Files.readAllBytes(file));
            int refused = -Errno.EINVAL;
            assertEquals(refused, rig.run(rig.next().prepareCmdDiscard(device, 1, LENGTH, 1)));
            assertEquals(refused, rig.run(rig.next().prepareCmdDiscard(device, 0, 1, 1)));
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
            assertArrayEquals(expected, Files.readAllBytes(file));
        }
    }

    @Test
    @Refuses("URING_CMD")
    void discardsNothingOfAFile() throws IOException {
        try (Rig rig = new Rig()) {
            int fd = rig.open(file(), Linux.O_RDWR);
            Sqe sqe = rig.next().prepareCmdDiscard(fd, FROM, LENGTH, 1);
            assertEquals(0x1200, Memory.getInt(sqe.address() + SqeLayout.CMD_OP));
            assertEquals(FROM, Memory.getLong(sqe.address() + SqeLayout.ADDR));
            assertEquals(LENGTH, Memory.getLong(sqe.address() + SqeLayout.ADDR3));
            assertEquals(-Errno.EOPNOTSUPP, rig.run(sqe));
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }
}
