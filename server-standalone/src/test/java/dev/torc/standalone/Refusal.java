package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// A program that runs another one without `io_uring_setup(2)`: a seccomp filter answers it with an
/// errno, as those of containers do. Compiled when needed; where that cannot be, tests are skipped.
final class Refusal {
    private static final String SOURCE =
            """
            #include <linux/filter.h>
            #include <linux/seccomp.h>
            #include <stddef.h>
            #include <stdlib.h>
            #include <sys/prctl.h>
            #include <sys/syscall.h>
            #include <unistd.h>

            int main(int count, char **arguments) {
                if (count < 3) return 98;
                unsigned answer = SECCOMP_RET_ERRNO | atoi(arguments[1]);
                struct sock_filter filter[] = {
                    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
                    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
                    BPF_STMT(BPF_RET | BPF_K, answer),
                    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
                };
                struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
                if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return 97;
                if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) return 96;
                execv(arguments[2], arguments + 2);
                return 95;
            }
            """;

    private Refusal() {}

    /// The program, in `directory`: its arguments are an errno and a command.
    static Path compile(Path directory) throws IOException, InterruptedException {
        Optional<Path> compiler = compiler();
        assumeTrue(compiler.isPresent(), "there is no C compiler (cc)");
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "there is no Linux");
        Path source = directory.resolve("refuse.c");
        Path program = directory.resolve("refuse");
        Files.writeString(source, SOURCE);
        Process process =
                new ProcessBuilder(
                                compiler.orElseThrow().toString(),
                                "-o",
                                program.toString(),
                                source.toString())
                        .inheritIO()
                        .start();
        assertEquals(0, process.waitFor(), "cc");
        return program;
    }

    private static Optional<Path> compiler() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(path.split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, "cc"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
