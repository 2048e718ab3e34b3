package dev.torc.uring.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The constants of this package beside what a C compiler makes of the headers installed here.
class AbiTest {
    private static final String INCLUDES =
            Set.of(
                            "errno.h",
                            "fcntl.h",
                            "linux/errqueue.h",
                            "linux/fs.h",
                            "linux/futex.h",
                            "linux/net_tstamp.h",
                            "linux/openat2.h",
                            "linux/stat.h",
                            "poll.h",
                            "sys/epoll.h",
                            "sys/wait.h",
                            "sys/xattr.h",
                            "time.h",
                            "linux/io_uring.h",
                            "linux/time_types.h",
                            "netinet/in.h",
                            "netinet/tcp.h",
                            "stddef.h",
                            "stdio.h",
                            "sys/eventfd.h",
                            "sys/mman.h",
                            "sys/resource.h",
                            "sys/socket.h",
                            "sys/syscall.h")
                    .stream()
                    .map(header -> "#include <" + header + ">\n")
                    .collect(Collectors.joining("", "#define _GNU_SOURCE\n", ""));

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
        assertEquals(24, GetEventsArg.BYTES);
        assertEquals(40, GetEventsArg.WITH_TIMESPEC_BYTES);
        assertEquals(16, Timespec.BYTES);
        assertEquals(32, Rsrc.REGISTER_BYTES);
        assertEquals(16, Rsrc.UPDATE_BYTES);
        assertEquals(16, ProbeOps.HEADER_BYTES);
        assertEquals(8, ProbeOps.OP_BYTES);
        assertEquals(16, SockAddr.IN_BYTES);
        assertEquals(28, SockAddr.IN6_BYTES);
    }

    @Test
    void structuresAreWhatTheCompilerMakesOfThem() throws Exception {
        Map<String, Long> expected = new TreeMap<>();
        Map<String, String> expressions = new TreeMap<>();
        for (Map.Entry<Class<?>, Map<String, String>> struct : STRUCTS.entrySet()) {
            Map<String, Long> constants = constants(struct.getKey());
            String prefix = struct.getKey().getSimpleName() + ".";
            assertEquals(
                    constants.keySet(),
                    new TreeSet<>(struct.getValue().keySet()),
                    prefix + ": every constant has its expression in C");
            constants.forEach((name, value) -> expected.put(prefix + name, value));
            struct.getValue().forEach((name, c) -> expressions.put(prefix + name, c));
        }
        assertEquals(expected, evaluate(expressions));
    }

    @Test
    void ioUringsConstantsAreTheHeaders(TestReporter reporter) throws Exception {
        Map<String, Long> constants = constants(IoUring.class);
        List<String> opcodes = IoUring.opcodeNames();
        for (int opcode = 0; opcode < opcodes.size(); opcode++) {
            constants.put("IORING_OP_" + opcodes.get(opcode), (long) opcode);
        }
        putBits(constants, "IORING_SETUP_", IoUring.setupNames());
        putBits(constants, "IORING_FEAT_", IoUring.featureNames());
        Set<String> missing = compare(constants);
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
        assertEquals(Set.of(), compare(constants(Errno.class)));
    }

    @Test
    void everyErrorNumberHasItsName() {
        constants(Errno.class)
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
        // The headers of 6.7 have these, and nothing but the ring uses them.
        Set<String> newer = Set.of("FUTEX2_PRIVATE", "FUTEX2_SIZE_U32");
        Set<String> missing = compare(constants(Linux.class));
        assertTrue(newer.containsAll(missing), missing::toString);
    }

    @Test
    void systemCallNumbersAreThisArchitectures() throws Exception {
        Map<String, Long> numbers = new TreeMap<>();
        constants(Syscalls.class)
                .forEach(
                        (name, value) -> {
                            assertTrue(name.startsWith("NR_"), name);
                            numbers.put("SYS_" + name.substring(3).toLowerCase(Locale.ROOT), value);
                        });
        assertEquals(Set.of(), compare(numbers));
    }

    // ---- the compiler

    /// Compares each of `constants` that the headers have; returns the names that they lack.
    private Set<String> compare(Map<String, Long> constants) throws Exception {
        Set<String> missing = undeclared(constants.keySet());
        Map<String, Long> known = new TreeMap<>(constants);
        known.keySet().removeAll(missing);
        Map<String, String> expressions = new TreeMap<>();
        known.keySet().forEach(name -> expressions.put(name, name));
        assertEquals(known, evaluate(expressions));
        return missing;
    }

    /// One program uses every name, a line each; those that the compiler complains of are missing.
    /// It sees macros and enumerators alike.
    private Set<String> undeclared(Set<String> names) throws Exception {
        StringBuilder source = new StringBuilder(INCLUDES);
        int index = 0;
        for (String name : names) {
            source.append("long long use_" + index++ + "(void) { return " + name + "; }\n");
        }
        Path file = directory.resolve("names.c");
        Files.writeString(file, source);
        String complaints = run("cc", "-fsyntax-only", file.toString());
        Set<String> missing = new TreeSet<>();
        Matcher matcher = Pattern.compile("error: .*?['‘](\\w+)['’]").matcher(complaints);
        while (matcher.find()) {
            assertTrue(names.contains(matcher.group(1)), complaints);
            missing.add(matcher.group(1));
        }
        return missing;
    }

    private Map<String, Long> evaluate(Map<String, String> expressions) throws Exception {
        StringBuilder source = new StringBuilder(INCLUDES + "int main(void) {\n");
        expressions.forEach(
                (name, c) ->
                        // Through int: some are unsigned in C, and all are an int here.
                        source.append(
                                "printf(\"%s %d\\n\", \"" + name + "\", (int) (" + c + "));\n"));
        Path file = directory.resolve("values.c");
        Path program = directory.resolve("values");
        Files.writeString(file, source.append("return 0; }\n"));
        assertEquals("", run("cc", "-o", program.toString(), file.toString()));
        Map<String, Long> values = new TreeMap<>();
        run(program.toString())
                .lines()
                .map(line -> List.of(line.split(" ", -1)))
                .forEach(pair -> values.put(pair.getFirst(), Long.valueOf(pair.getLast())));
        return values;
    }

    /// What the command prints to either of its outputs.
    private static String run(String... command) throws IOException, InterruptedException {
        if (command[0].equals("cc")) assumeTrue(isOnPath("cc"), "there is no C compiler (cc)");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return output;
    }

    private static boolean isOnPath(String program) {
        String path = System.getenv("PATH");
        if (path == null) return false;
        for (String directory : path.split(":", -1)) {
            if (Files.isExecutable(Path.of(directory, program))) return true;
        }
        return false;
    }

    private static Map<String, Long> constants(Class<?> type) {
        Map<String, Long> constants = new TreeMap<>();
        for (Field field : type.getFields()) {
            boolean constant = Modifier.isStatic(field.getModifiers());
            if (!constant || field.getType() != int.class) continue;
            try {
                constants.put(field.getName(), (long) field.getInt(null));
            } catch (IllegalAccessException denied) {
                throw new LinkageError(field.getName(), denied);
            }
        }
        return constants;
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
        return v4;
    }

    private static Struct struct(String tag) {
        return new Struct("struct " + tag, new ArrayList<>());
    }

    private record Struct(String type, List<Map.Entry<String, String>> entries) {
        Struct size(String name) {
            return is(name, "sizeof(" + type + ")");
        }

        Struct at(String name, String member) {
            return is(name, "offsetof(" + type + ", " + member + ")");
        }

        Struct is(String name, String expression) {
            entries.add(Map.entry(name, expression));
            return this;
        }

        Map<String, String> expressions() {
            Map<String, String> expressions = new TreeMap<>();
            entries.forEach(entry -> expressions.put(entry.getKey(), entry.getValue()));
            return expressions;
        }
    }
}
