package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The profile that is shipped for containers: containerd reads it without Docker's extensions.
class SeccompProfileTest {
    private static final Path FILE = SourceTree.root().resolve("deploy/torc-seccomp.json");

    private static JsonNode profile() {
        assertTrue(Files.exists(FILE), "there is no " + FILE);
        return new JsonMapper().readTree(FILE);
    }

    private static List<String> allowed() {
        List<String> names = new ArrayList<>();
        profile().get("syscalls").get(0).get("names").forEach(name -> names.add(name.asString()));
        return names;
    }

    @Test
    void allowsTheRing() {
        assertTrue(
                allowed()
                        .containsAll(
                                List.of("io_uring_setup", "io_uring_enter", "io_uring_register")));
    }

    @Test
    void isSortedWithoutDuplicates() {
        assertEquals(List.copyOf(new TreeSet<>(allowed())), allowed());
    }

    @Test
    void keepsWhatTheDefaultProfilesRefuse() {
        assertEquals("SCMP_ACT_ERRNO", profile().get("defaultAction").asString());
        for (String refused :
                List.of(
                        "bpf",
                        "clone3",
                        "init_module",
                        "keyctl",
                        "mount",
                        "setns",
                        "socket",
                        "unshare",
                        "userfaultfd")) {
            assertFalse(allowed().contains(refused), refused);
        }
    }

    @Test
    void hasNothingThatOnlyDockerKnows() {
        Set<String> known = Set.of("names", "action", "args", "errnoRet");
        assertFalse(profile().has("archMap"));
        for (JsonNode rule : profile().get("syscalls")) {
            assertTrue(known.containsAll(rule.propertyNames()), rule::toString);
        }
    }
}
