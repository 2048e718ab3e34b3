package dev.torc.uring;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.constants.Linux;

import java.nio.file.Path;

/// A block device whose bytes are a file's. It goes when the last descriptor of it is closed.
final class LoopDevice {
    private static final boolean AARCH64 = System.getProperty("os.arch", "").equals("aarch64");
    private static final int NR_IOCTL = AARCH64 ? 29 : 16;
    private static final int LOOP_CTL_GET_FREE = 0x4c82;
    private static final int LOOP_CONFIGURE = 0x4c0a;
    private static final int CONFIG_BYTES = 304;
    private static final int CONFIG_FLAGS = 60;
    private static final int LO_FLAGS_AUTOCLEAR = 4;

    private LoopDevice() {}

    /// Opens one on `file`, or ends the test: only root may, where the kernel has such devices.
    static int open(Rig rig, Path file) {
        int control = Libc.open(Path.of("/dev/loop-control"), Linux.O_RDWR, 0);
        assumeTrue(control >= 0, "loop devices are out of reach");
        rig.keep(control);
        long free = Libc.call(NR_IOCTL, control, LOOP_CTL_GET_FREE);
        assumeTrue(free >= 0, "there is no free loop device");
        int device = Libc.open(Path.of("/dev/loop" + free), Linux.O_RDWR | Linux.O_CLOEXEC, 0);
        assumeTrue(device >= 0, "the free loop device is out of reach");
        rig.keep(device);
        IoMemory config = rig.memory(CONFIG_BYTES);
        long address = config.address(0, CONFIG_BYTES);
        Memory.putInt(address, rig.open(file, Linux.O_RDWR));
        Memory.putInt(address + CONFIG_FLAGS, LO_FLAGS_AUTOCLEAR);
        long configured = Libc.call(NR_IOCTL, device, LOOP_CONFIGURE, address);
        assumeTrue(configured >= 0, () -> "no loop device can be made: " + configured);
        return device;
    }
}
