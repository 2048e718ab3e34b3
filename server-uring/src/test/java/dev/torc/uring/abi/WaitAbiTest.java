package dev.torc.uring.abi;

import static dev.torc.uring.abi.CStruct.struct;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;

/// [AbiTest] for the structures of operations that wait.
class WaitAbiTest {
    private static final Map<Class<?>, Map<String, String>> STRUCTS =
            Map.of(
                    EpollEvent.class,
                    struct("epoll_event")
                            .size("BYTES")
                            .at("EVENTS", "events")
                            .at("DATA", "data")
                            .expressions(),
                    FutexWaitv.class,
                    struct("futex_waitv")
                            .size("BYTES")
                            .at("VAL", "val")
                            .at("UADDR", "uaddr")
                            .at("FLAGS", "flags")
                            .at("RESERVED", "__reserved")
                            .is("COUNT_MAX", "FUTEX_WAITV_MAX")
                            .expressions(),
                    SigInfo.class,
                    new CStruct("siginfo_t", new ArrayList<>())
                            .size("BYTES")
                            .at("SIGNO", "si_signo")
                            .at("CODE", "si_code")
                            .at("PID", "si_pid")
                            .at("UID", "si_uid")
                            .at("STATUS", "si_status")
                            .expressions());

    @TempDir private Path directory = Path.of("");

    @Test
    void structuresHaveTheKernelsSizes() {
        boolean packed = !System.getProperty("os.arch").equals("aarch64");
        assertEquals(packed ? 12 : 16, EpollEvent.BYTES);
        assertEquals(24, FutexWaitv.BYTES);
        assertEquals(128, SigInfo.BYTES);
    }

    @Test
    void structuresAreWhatTheCompilerMakesOfThem() throws Exception {
        new CCompiler(directory).assertSame(STRUCTS);
    }
}
