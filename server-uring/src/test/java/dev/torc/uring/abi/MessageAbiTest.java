package dev.torc.uring.abi;

import static dev.torc.uring.abi.CStruct.struct;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/// [AbiTest] for the structures of messages.
class MessageAbiTest {
    private static final Map<Class<?>, Map<String, String>> STRUCTS =
            Map.of(
                    MsgHdr.class,
                            struct("msghdr")
                                    .size("BYTES")
                                    .at("NAME", "msg_name")
                                    .at("NAMELEN", "msg_namelen")
                                    .at("IOV", "msg_iov")
                                    .at("IOVLEN", "msg_iovlen")
                                    .at("CONTROL", "msg_control")
                                    .at("CONTROLLEN", "msg_controllen")
                                    .at("FLAGS", "msg_flags")
                                    .expressions(),
                    CmsgHdr.class,
                            struct("cmsghdr")
                                    .size("BYTES")
                                    .at("LEN", "cmsg_len")
                                    .at("LEVEL", "cmsg_level")
                                    .at("TYPE", "cmsg_type")
                                    .is("ALIGNMENT", "CMSG_ALIGN(1)")
                                    .expressions(),
                    RecvmsgOut.class,
                            struct("io_uring_recvmsg_out")
                                    .size("BYTES")
                                    .at("NAMELEN", "namelen")
                                    .at("CONTROLLEN", "controllen")
                                    .at("PAYLOADLEN", "payloadlen")
                                    .at("FLAGS", "flags")
                                    .expressions());

    @TempDir private Path directory = Path.of("");

    @Test
    void structuresHaveTheKernelsSizes() {
        assertEquals(56, MsgHdr.BYTES);
        assertEquals(16, CmsgHdr.BYTES);
        assertEquals(16, RecvmsgOut.BYTES);
    }

    @Test
    void structuresAreWhatTheCompilerMakesOfThem() throws Exception {
        new CCompiler(directory).assertSame(STRUCTS);
    }

    @Test
    void controlMessagesBeginAtMultiplesOfEight() {
        assertEquals(0, CmsgHdr.step(0));
        assertEquals(16, CmsgHdr.step(16));
        assertEquals(24, CmsgHdr.step(20));
        assertEquals(24, CmsgHdr.step(24));
    }
}
