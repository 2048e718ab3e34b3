package dev.torc.uring.abi;

import static dev.torc.uring.abi.CStruct.struct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The constants of this package beside what a C compiler makes of the headers installed here.
class AbiTest {
    /// What each constant of a structure's class is in C.
    private static final Map<Class<?>, Map<String, String>> STRUCTS =
            Map.of(
                    SqeLayout.class, sqe(),
                    Cqe.class,
                            struct("io_uring_cqe")
                                    .size("BYTES")
                                    .at("USER_DATA", "user_data")
                                    .at("RES", "res")
                                    .at("FLAGS", "flags")
                                    .at("BIG_CQE", "big_cqe")
                                    .is("BIG_BYTES", "2 * sizeof(struct io_uring_cqe)")
                                    .expressions(),
                    Params.class, params(),
                    BufRing.class, bufRing(),
                    Rsrc.class, rsrc(),
                    GetEventsArg.class,
                            struct("io_uring_getevents_arg")
                                    .size("BYTES")
                                    .is("MIN_WAIT_USEC", minWait())
                                    .at("TS", "ts")
                                    .is(
                                            "WITH_TIMESPEC_BYTES",
                                            "sizeof(struct io_uring_getevents_arg)"
                                                    + " + sizeof(struct __kernel_timespec)")
                                    .expressions(),
                    ProbeOps.class, probeOps(),
                    Timespec.class,
                            struct("__kernel_timespec")
                                    .size("BYTES")
                                    .at("TV_SEC", "tv_sec")
                                    .at("TV_NSEC", "tv_nsec")
                                    .expressions(),
                    IoVec.class,
                            struct("iovec")
                                    .size("BYTES")
                                    .at("IOV_BASE", "iov_base")
                                    .at("IOV_LEN", "iov_len")
                                    .expressions(),
                    SockAddr.class, sockAddr());

    @TempDir private Path directory = Path.of("");

    @Test
    void structuresHaveTheKernelsSizes() {
        assertEquals(120, Params.BYTES);
        assertEquals(64, SqeLayout.BYTES);
        assertEquals(16, Cqe.BYTES);
        assertEquals(16, BufRing.ENTRY_BYTES);
        assertEquals(40, BufRing.REG_BYTES);
        assertEquals(14, BufRing.TAIL);
        assertEquals(40, BufStatus.BYTES);
        assertEquals(4, BufStatus.HEAD);
        assertEquals(24, GetEventsArg.BYTES);
        assertEquals(40, GetEventsArg.WITH_TIMESPEC_BYTES);
        assertEquals(16, Timespec.BYTES);
        assertEquals(16, IoVec.BYTES);
        assertEquals(32, Rsrc.REGISTER_BYTES);
        assertEquals(16, Rsrc.UPDATE_BYTES);
        assertEquals(16, ProbeOps.HEADER_BYTES);
        assertEquals(8, ProbeOps.OP_BYTES);
        assertEquals(16, SockAddr.IN_BYTES);
        assertEquals(28, SockAddr.IN6_BYTES);
        assertEquals(110, SockAddr.UN_BYTES);
        assertEquals(128, SockAddr.STORAGE_BYTES);
    }

    @Test
    void structuresAreWhatTheCompilerMakesOfThem() throws Exception {
        new CCompiler(directory).assertSame(STRUCTS);
    }

    @Test
    void ioUringsConstantsAreTheHeaders(TestReporter reporter) throws Exception {
        Map<String, Long> constants = CCompiler.constants(IoUring.class);
        List<String> opcodes = IoUring.opcodeNames();
        for (int opcode = 0; opcode < opcodes.size(); opcode++) {
            constants.put("IORING_OP_" + opcodes.get(opcode), (long) opcode);
        }
        putBits(constants, "IORING_SETUP_", IoUring.setupNames());
        putBits(constants, "IORING_FEAT_", IoUring.featureNames());
        Set<String> missing = new CCompiler(directory).compare(constants);
        assertTrue(constants.size() - missing.size() > 80, "missing=" + missing);
        reporter.publishEntry("not in the headers installed here", String.join(" ", missing));
    }

    private static void putBits(Map<String, Long> constants, String prefix, List<String> names) {
        for (int bit = 0; bit < names.size(); bit++) {
            Long known = constants.put(prefix + names.get(bit), 1L << bit);
            assertTrue(known == null || known == 1L << bit, names.get(bit));
        }
    }

    @Test
    void errorNumbersAreTheHeaders() throws Exception {
        assertEquals(Set.of(), new CCompiler(directory).compare(CCompiler.constants(Errno.class)));
    }

    @Test
    void everyErrorNumberHasItsName() {
        CCompiler.constants(Errno.class)
                .forEach(
                        (name, value) -> {
                            String described = Errno.describe(-value.intValue());
                            assertTrue(described.startsWith(name + " ("), described);
                            assertEquals(described, Errno.describe(value.intValue()));
                        });
        assertEquals("errno 9999", Errno.describe(-9999));
    }

    @Test
    void linuxConstantsAreTheHeaders() throws Exception {
        // Later headers than 6.1 have these.
        Set<String> newer =
                Set.of(
                        "FUTEX2_PRIVATE",
                        "FUTEX2_SIZE_U32",
                        "RWF_NOAPPEND",
                        "RWF_ATOMIC",
                        "RWF_DONTCACHE",
                        "RWF_NOSIGNAL");
        Set<String> missing = new CCompiler(directory).compare(CCompiler.constants(Linux.class));
        assertTrue(newer.containsAll(missing), missing::toString);
    }

    @Test
    void systemCallNumbersAreThisArchitectures() throws Exception {
        Map<String, Long> numbers = new TreeMap<>();
        CCompiler.constants(Syscalls.class)
                .forEach(
                        (name, value) -> {
                            assertTrue(name.startsWith("NR_"), name);
                            numbers.put("SYS_" + name.substring(3).toLowerCase(Locale.ROOT), value);
                        });
        assertEquals(Set.of(), new CCompiler(directory).compare(numbers));
    }

    // ---- structures in C

    private static Map<String, String> sqe() {
        return struct("io_uring_sqe")
                .size("BYTES")
                .at("OPCODE", "opcode")
                .at("FLAGS", "flags")
                .at("IOPRIO", "ioprio")
                .at("FD", "fd")
                .at("OFF", "off")
                .at("CMD_OP", "cmd_op")
                .at("LEVEL", "addr")
                .is("OPTNAME", "offsetof(struct io_uring_sqe, addr) + 4")
                .at("SPLICE_FD_IN", "splice_fd_in")
                .at("OPTLEN", "splice_fd_in")
                .at("ADDR_LEN", "addr_len")
                .at("ADDR3", "addr3")
                .at("OPTVAL", "addr3")
                .at("CMD", "cmd")
                .at("BUF_INDEX", "buf_index")
                .at("PERSONALITY", "personality")
                .at("ADDR", "addr")
                .at("LEN", "len")
                .at("OP_FLAGS", "msg_flags")
                .at("USER_DATA", "user_data")
                .at("BUF_GROUP", "buf_group")
                .at("FILE_INDEX", "file_index")
                .expressions();
    }

    private static Map<String, String> params() {
        return struct("io_uring_params")
                .size("BYTES")
                .at("SQ_ENTRIES", "sq_entries")
                .at("CQ_ENTRIES", "cq_entries")
                .at("FLAGS", "flags")
                .at("FEATURES", "features")
                .at("SQ_THREAD_CPU", "sq_thread_cpu")
                .at("SQ_THREAD_IDLE", "sq_thread_idle")
                .at("WQ_FD", "wq_fd")
                .is("SQ_OFF_USER_ADDR", "offsetof(struct io_uring_params, sq_off) + 32")
                .is("CQ_OFF_USER_ADDR", "offsetof(struct io_uring_params, cq_off) + 32")
                .at("CQ_OFF_FLAGS", "cq_off.flags")
                .at("SQ_OFF", "sq_off")
                .at("SQ_OFF_HEAD", "sq_off.head")
                .at("SQ_OFF_TAIL", "sq_off.tail")
                .at("SQ_OFF_FLAGS", "sq_off.flags")
                .at("SQ_OFF_ARRAY", "sq_off.array")
                .at("CQ_OFF", "cq_off")
                .at("CQ_OFF_HEAD", "cq_off.head")
                .at("CQ_OFF_TAIL", "cq_off.tail")
                .at("CQ_OFF_OVERFLOW", "cq_off.overflow")
                .at("CQ_OFF_CQES", "cq_off.cqes")
                .expressions();
    }

    private static Map<String, String> bufRing() {
        Map<String, String> entry =
                struct("io_uring_buf")
                        .size("ENTRY_BYTES")
                        .at("ENTRY_ADDR", "addr")
                        .at("ENTRY_LEN", "len")
                        .at("ENTRY_BID", "bid")
                        .expressions();
        Map<String, String> registration =
                struct("io_uring_buf_reg")
                        .size("REG_BYTES")
                        .at("REG_RING_ADDR", "ring_addr")
                        .at("REG_RING_ENTRIES", "ring_entries")
                        .at("REG_BGID", "bgid")
                        // Named since 6.4; padding before.
                        .is("REG_FLAGS", "offsetof(struct io_uring_buf_reg, bgid) + 2")
                        .expressions();
        entry.putAll(registration);
        entry.putAll(struct("io_uring_buf_ring").at("TAIL", "tail").expressions());
        return entry;
    }

    private static Map<String, String> rsrc() {
        Map<String, String> register =
                struct("io_uring_rsrc_register")
                        .size("REGISTER_BYTES")
                        .at("REGISTER_NR", "nr")
                        .at("REGISTER_FLAGS", "flags")
                        .at("REGISTER_DATA", "data")
                        .at("REGISTER_TAGS", "tags")
                        .expressions();
        register.putAll(
                struct("io_uring_rsrc_update")
                        .size("UPDATE_BYTES")
                        .at("UPDATE_OFFSET", "offset")
                        .at("UPDATE_DATA", "data")
                        .expressions());
        register.putAll(
                struct("io_uring_rsrc_update2")
                        .size("UPDATE2_BYTES")
                        .at("UPDATE2_OFFSET", "offset")
                        .at("UPDATE2_DATA", "data")
                        .at("UPDATE2_TAGS", "tags")
                        .at("UPDATE2_NR", "nr")
                        .expressions());
        return register;
    }

    private static Map<String, String> probeOps() {
        Map<String, String> probe =
                struct("io_uring_probe")
                        .size("HEADER_BYTES")
                        .at("LAST_OP", "last_op")
                        .is("OPS_MAX", "256")
                        .is(
                                "BYTES",
                                "sizeof(struct io_uring_probe)"
                                        + " + 256 * sizeof(struct io_uring_probe_op)")
                        .expressions();
        probe.putAll(
                struct("io_uring_probe_op").size("OP_BYTES").at("OP_FLAGS", "flags").expressions());
        return probe;
    }

    /// Padding before 6.12.
    private static String minWait() {
        return "offsetof(struct io_uring_getevents_arg, sigmask_sz) + 4";
    }

    private static Map<String, String> sockAddr() {
        Map<String, String> v4 =
                struct("sockaddr_in")
                        .size("IN_BYTES")
                        .at("FAMILY", "sin_family")
                        .at("PORT", "sin_port")
                        .at("IN_ADDR", "sin_addr")
                        .expressions();
        v4.putAll(
                struct("sockaddr_in6")
                        .size("IN6_BYTES")
                        .at("IN6_ADDR", "sin6_addr")
                        .at("IN6_SCOPE", "sin6_scope_id")
                        .expressions());
        v4.putAll(struct("sockaddr_un").size("UN_BYTES").at("UN_PATH", "sun_path").expressions());
        v4.putAll(struct("sockaddr_storage").size("STORAGE_BYTES").expressions());
        return v4;
    }
}
