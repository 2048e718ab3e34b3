package dev.torc.uring.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The C compiler and the headers installed here, asked what constants are there. It works in a
/// directory of the test's.
record CCompiler(Path directory) {
    private static final String INCLUDES =
            List.of( // in this order: linux/errqueue.h does not compile before time.h
                            "time.h",
                            "errno.h",
                            "fcntl.h",
                            "linux/errqueue.h",
                            "linux/fs.h",
                            "linux/futex.h",
                            "linux/ioprio.h",
                            "linux/net_tstamp.h",
                            "linux/openat2.h",
                            "linux/stat.h",
                            "poll.h",
                            "sys/epoll.h",
                            "sys/wait.h",
                            "sys/xattr.h",
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
                            "sys/syscall.h",
                            "sys/un.h")
                    .stream()
                    .map(header -> "#include <" + header + ">\n")
                    .collect(Collectors.joining("", "#define _GNU_SOURCE\n", ""));

    /// Makes sure that every constant of each class has its expression in C, and is what that is.
    void assertSame(Map<Class<?>, Map<String, String>> structs) throws Exception {
        Map<String, Long> expected = new TreeMap<>();
        Map<String, String> expressions = new TreeMap<>();
        for (Map.Entry<Class<?>, Map<String, String>> struct : structs.entrySet()) {
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

    /// Compares each of `constants` that the headers have; returns the names that they lack.
    Set<String> compare(Map<String, Long> constants) throws Exception {
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

    /// The `int` constants of `type`, by name.
    static Map<String, Long> constants(Class<?> type) {
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
}
