package dev.torc.standalone.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.core.ServerConfig;
import dev.torc.core.spi.TransportProvider.Needs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

class LimitFindingsTest {
    private static final String NEW = "6.18.1";

    @TempDir private Path directory = Path.of("");

    private List<Finding> findings(String kernel) {
        ServerConfig config = ServerConfig.defaults().withShards(2);
        Needs needs = new Needs(65_536, 696_320);
        SystemFiles files = new TestRoot(directory).files();
        return new LimitFindings(files, config, needs, kernel).section().findings();
    }

    private TestRoot limits(String files, String locked) {
        String text =
                """
                Limit                     Soft Limit           Hard Limit           Units
                Max open files            FILES                1048576              files
                Max locked memory         LOCKED               unlimited            bytes
                """;
        return new TestRoot(directory)
                .put("proc/self/limits", text.replace("FILES", files).replace("LOCKED", locked));
    }

    @Test
    void withoutProcNothingIsKnown() {
        assertEquals(
                List.of(
                        Finding.unknown("nofile", "65536"),
                        Finding.unknown("memlock", "680 KiB"),
                        Finding.unknown("somaxconn", "4096")),
                findings(NEW));
    }

    @Test
    void enoughIsEnough() {
        limits("65536", "696320").put("proc/sys/net/core/somaxconn", "4096\n");
        assertEquals(
                List.of(
                        Finding.ok("nofile", "65536", "65536"),
                        Finding.ok("memlock", "680 KiB", "680 KiB"),
                        Finding.ok("somaxconn", "4096", "4096")),
                findings(NEW));
        limits("unlimited", "unlimited");
        assertEquals(Finding.ok("nofile", "unlimited", "65536"), findings(NEW).get(0));
        assertEquals(Finding.ok("memlock", "unlimited", "680 KiB"), findings(NEW).get(1));
    }

    @Test
    void fewerDescriptorsAreFewerConnections() {
        for (String limit : new String[] {"20", "65535"}) {
            limits(limit, "unlimited");
            assertEquals(
                    Finding.warning("nofile", limit, "65536", "ulimit -n 65536"),
                    findings(NEW).getFirst());
        }
    }

    @Test
    void tooLittleLockedMemoryKeepsItFromStarting() {
        TestRoot root = limits("65536", "65536");
        Finding shortfall =
                Finding.shortfall("memlock", "64 KiB", "680 KiB", "ulimit -l unlimited");
        assertEquals(shortfall, findings(NEW).get(1));
        root.put("proc/self/status", "CapEff:\t0000000000003fff\n");
        assertEquals(shortfall, findings(NEW).get(1));
    }

    @Test
    void lockedMemoryIsNotCountedForThePrivilegedNorByOlderKernels() {
        TestRoot root = limits("65536", "65536");
        assertEquals(
                Finding.ok("memlock", "64 KiB, not used for rings before Linux 6.14", "680 KiB"),
                findings("6.12.9").get(1));
        root.put("proc/self/status", "Name:\tjava\nCapEff:\t0000000000004000\n");
        assertEquals(
                Finding.ok("memlock", "64 KiB, with CAP_IPC_LOCK", "680 KiB"),
                findings(NEW).get(1));
    }

    @Test
    void aShortBacklogIsNamed() {
        new TestRoot(directory).put("proc/sys/net/core/somaxconn", "128");
        assertEquals(
                Finding.warning("somaxconn", "128", "4096", "sysctl -w net.core.somaxconn=4096"),
                findings(NEW).getLast());
    }
}
