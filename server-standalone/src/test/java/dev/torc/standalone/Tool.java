package dev.torc.standalone;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Programs of other makes that tests run when they are installed.
enum Tool {
    CURL("curl", "curl"),
    WRK("wrk", "wrk"),
    H2LOAD("nghttp2-client", "h2load"),
    NODE("nodejs", "node"),
    CHROMIUM("chromium", "chromium chromium-browser google-chrome"),
    NGINX("nginx-light", "nginx"),
    HAPROXY("haproxy", "haproxy"),
    SETPRIV("util-linux", "setpriv");

    /// Debian's.
    private final String packageName;

    /// Names that it goes by.
    private final String names;

    Tool(String packageName, String names) {
        this.packageName = packageName;
        this.names = names;
    }

    /// Runs a command that may read and write what permissions allow, also for root.
    static List<String> withoutPowerOverFiles() {
        boolean isRoot = System.getProperty("user.name").equals("root");
        return isRoot
                ? List.of(SETPRIV.path(), "--bounding-set=-dac_override,-dac_read_search")
                : List.of();
    }

    /// Where it is; without it the test is skipped.
    String path() {
        List<String> all = List.of(names.split(" "));
        Optional<Path> found = all.stream().flatMap(Tool::find).findFirst();
        String missing = all.getFirst() + " is not installed: apt install " + packageName;
        assumeTrue(found.isPresent(), missing);
        return found.orElseThrow().toString();
    }

    /// On the PATH, and beside it: servers are in an sbin, which users may not have there.
    private static Stream<Path> find(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(Path::of)
                .flatMap(directory -> Stream.of(directory, directory.resolveSibling("sbin")))
                .map(directory -> directory.resolve(name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file));
    }
}
