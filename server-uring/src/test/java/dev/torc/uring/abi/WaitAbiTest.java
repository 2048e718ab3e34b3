package dev.torc.uring.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The structures of operations that wait, beside what a C compiler makes of them.
class WaitAbiTest {
    private static final String INCLUDES =
            """
            #define _GNU_SOURCE
            #include <linux/futex.h>
            #include <signal.h>
            #include <stddef.h>
            #include <stdio.h>
            #include <sys/epoll.h>
            """;

    private static final Map<Class<?>, Map<String, String>> STRUCTS =
            Map.of(
                    EpollEvent.class,
                    Map.of(
                            "BYTES", "sizeof(struct epoll_event)",
                            "EVENTS", "offsetof(struct epoll_event, events)",
                            "DATA", "offsetof(struct epoll_event, data)"),
                    FutexWaitv.class,
                    Map.of(
                            "BYTES", "sizeof(struct futex_waitv)",
                            "VAL", "offsetof(struct futex_waitv, val)",
                            "UADDR", "offsetof(struct futex_waitv, uaddr)",
                            "FLAGS", "offsetof(struct futex_waitv, flags)",
                            "RESERVED", "offsetof(struct futex_waitv, __reserved)",
                            "COUNT_MAX", "FUTEX_WAITV_MAX"),
                    SigInfo.class,
                    Map.of(
                            "BYTES", "sizeof(siginfo_t)",
                            "SIGNO", "offsetof(siginfo_t, si_signo)",
                            "CODE", "offsetof(siginfo_t, si_code)",
                            "PID", "offsetof(siginfo_t, si_pid)",
                            "UID", "offsetof(siginfo_t, si_uid)",
                            "STATUS", "offsetof(siginfo_t, si_status)"));

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
        Map<String, Integer> expected = new TreeMap<>();
        StringBuilder source = new StringBuilder(INCLUDES).append("int main(void) {\n");
        for (Map.Entry<Class<?>, Map<String, String>> struct : STRUCTS.entrySet()) {
            Map<String, Integer> constants = constants(struct.getKey());
            String prefix = struct.getKey().getSimpleName() + ".";
            assertEquals(constants.keySet(), new TreeSet<>(struct.getValue().keySet()), prefix);
            constants.forEach((name, value) -> expected.put(prefix + name, value));
            struct.getValue()
                    .forEach(
                            (name, c) ->
                                    source.append("printf(\"" + prefix + name + " %d\\n\", (int) (")
                                            .append(c + "));\n"));
        }
        assertEquals(expected, evaluate(source.append("return 0; }\n").toString()));
    }

    private static Map<String, Integer> constants(Class<?> type) throws IllegalAccessException {
        Map<String, Integer> constants = new TreeMap<>();
        for (Field field : type.getFields()) constants.put(field.getName(), field.getInt(null));
        return constants;
    }

    private Map<String, Integer> evaluate(String program) throws Exception {
        String path = System.getenv().getOrDefault("PATH", "");
        assumeTrue(
                Stream.of(path.split(File.pathSeparator, -1))
                        .anyMatch(each -> Files.isExecutable(Path.of(each, "cc"))),
                "there is no C compiler (cc)");
        Path source = Files.writeString(directory.resolve("values.c"), program);
        Path binary = directory.resolve("values");
        assertEquals("", run("cc", "-o", binary.toString(), source.toString()));
        Map<String, Integer> values = new TreeMap<>();
        run(binary.toString())
                .lines()
                .map(line -> line.split(" ", -1))
                .forEach(pair -> values.put(pair[0], Integer.valueOf(pair[1])));
        return values;
    }

    /// What the command prints to either of its outputs.
    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(true, process.waitFor(60, TimeUnit.SECONDS), command[0]);
        return output;
    }
}
