package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.ServerConfig;
import dev.torc.core.spi.TransportProvider;
import dev.torc.standalone.config.Arguments;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ResolvedModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The image and what runs it say the same in several files: ports, the user, paths, times.
class ContainerFilesTest {
    private static final String DOCKERFILE = read("Dockerfile");
    private static final String COMPOSE = read("deploy/compose.yaml");
    private static final String KUBERNETES = read("deploy/kubernetes.yaml");
    private static final String HEALTHCHECK = read("deploy/healthcheck");
    private static final String JAVA_OPTIONS = read("deploy/java-options");

    /// How long Torc finishes what is in flight.
    private static final int DEADLINE_SECONDS = 10;

    /// And how long the rest takes at most: a shard that is held, the admin listener, the log.
    private static final int AFTER_DEADLINE_SECONDS = 10;

    private static String read(String file) {
        try {
            return Files.readString(SourceTree.root().resolve(file));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    /// What the first group of `pattern` matches, wherever it does.
    private static List<String> all(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static String one(String pattern, String text) {
        List<String> found = all(pattern, text);
        assertEquals(1, found.size(), () -> pattern + ": " + found);
        return found.getFirst();
    }

    @Test
    void theUserIsOneAndNotRoot() {
        String user = one("^USER (\\d+:\\d+)$", DOCKERFILE);
        assertFalse(user.startsWith("0:"), user);
        assertEquals(user, one("user: \"([^\"]*)\"", COMPOSE));
        String ofPods = one("runAsUser: (\\d+)", KUBERNETES) + ":";
        assertEquals(user, ofPods + one("runAsGroup: (\\d+)", KUBERNETES));
    }

    @Test
    void thePortIsTheDefaultEverywhere() {
        List<String> exposed = all("^EXPOSE (\\d+)$", DOCKERFILE);
        String port = exposed.getFirst();
        String admin = one("TORC_ADMIN_PORT=(\\d+)", DOCKERFILE);
        assertEquals(List.of(port, admin), exposed);
        assertEquals(port, Integer.toString(ServerConfig.defaults().address().getPort()));
        assertEquals(port, one("127\\.0\\.0\\.1:\\d+:(\\d+)", COMPOSE));
        assertEquals(exposed, all("containerPort: (\\d+)", KUBERNETES));
        assertEquals(port, one("TORC_PORT:-(\\d+)", HEALTHCHECK));
    }

    @Test
    void everyVariableIsASettingWithAValue() {
        Map<String, String> image = variables("\\b(TORC_[A-Z_]+)=(\\S+)", DOCKERFILE);
        assertEquals("0.0.0.0", image.get("TORC_HOST"));
        Map<String, String> compose = variables("\\b(TORC_[A-Z_]+): (\\S+)", COMPOSE);
        Map<String, String> pods =
                variables("- name: (TORC_[A-Z_]+)\\s+value: \"?([^\"\\s]+)", KUBERNETES);
        assertEquals(compose, pods);
        for (Map<String, String> environment : List.of(image, compose)) {
            assertFalse(environment.isEmpty());
            // Throws for one that there is not.
            new Arguments(List.of(), Set.of(), null, List.of()).settings(environment);
        }
    }

    private static Map<String, String> variables(String pattern, String text) {
        String uncommented = Pattern.compile("#.*").matcher(text).replaceAll("");
        return Pattern.compile(pattern)
                .matcher(uncommented)
                .results()
                .collect(Collectors.toMap(each -> each.group(1), each -> each.group(2)));
    }

    @Test
    void filesThatAreNamedExist() {
        String profile = one("seccomp:\\./(\\S+)", COMPOSE);
        assertEquals(profile, one("localhostProfile: (\\S+)", KUBERNETES));
        Path deploy = SourceTree.root().resolve("deploy");
        assertTrue(Files.exists(deploy.resolve(profile)), profile);
        String check = one("CMD \\[\"(/opt/torc/[^\"]*)\"\\]$", DOCKERFILE);
        assertEquals(check, one("\"CMD\", \"([^\"]*)\"", COMPOSE));
        for (String name : List.of("healthcheck", "record-aot")) {
            assertTrue(Files.isExecutable(deploy.resolve(name)), name);
        }
    }

    @Test
    void nobodyIsKilledBeforeItCanSayWhatItHasCut() {
        int needed = DEADLINE_SECONDS + AFTER_DEADLINE_SECONDS;
        int compose = Integer.parseInt(one("stop_grace_period: (\\d+)s", COMPOSE));
        assertTrue(compose >= needed);
        String page = read("deploy/README.md");
        assertEquals(compose, Integer.parseInt(one("docker stop -t (\\d+)", page)));
        int pods = Integer.parseInt(one("terminationGracePeriodSeconds: (\\d+)", KUBERNETES));
        int delay = Integer.parseInt(one("sleep:\\s+seconds: (\\d+)", KUBERNETES));
        assertTrue(pods >= delay + needed);
    }

    @Test
    void everyPageTellsTheSameOfWhatRingsLock() {
        TransportProvider uring =
                TransportProvider.installed().stream()
                        .filter(each -> each.name().equals("uring"))
                        .findFirst()
                        .orElseThrow();
        ServerConfig one = ServerConfig.defaults().withShards(1);
        ServerConfig admin = AdminServer.config(AdminConfig.onPort(0), ServerConfig.AUTO);
        String shard = kibibytes(uring, one) + " KiB a shard";
        String listener = "and " + kibibytes(uring, admin) + " KiB for the admin listener";
        for (String page :
                List.of(
                        "deploy/README.md",
                        "deploy/compose.yaml",
                        "docs/operations.md",
                        "docs/doctor.md")) {
            String text = read(page);
            for (String told : List.of(shard, listener, "rom Linux 6.14 on")) {
                assertTrue(text.contains(told), () -> page + " lacks: " + told);
            }
        }
    }

    private static long kibibytes(TransportProvider provider, ServerConfig server) {
        return provider.needs(List.of(server)).lockedBytes() >> 10;
    }

    @Test
    void nothingRunsWithMoreThanItNeeds() {
        for (String needed :
                List.of(
                        "runAsNonRoot: true",
                        "readOnlyRootFilesystem: true",
                        "allowPrivilegeEscalation: false",
                        "drop: [ALL]",
                        "automountServiceAccountToken: false")) {
            assertTrue(KUBERNETES.contains(needed), needed);
        }
        for (String needed :
                List.of("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true")) {
            assertTrue(COMPOSE.contains(needed), needed);
        }
    }

    @Test
    void everyProbeAsksAPortOfTheContainer() {
        Set<String> ports = new HashSet<>(all("- name: (\\S+)\\s+containerPort", KUBERNETES));
        List<String> probed = all("httpGet:\\s+path: /\\S*\\s+port: (\\S+)", KUBERNETES);
        assertEquals(3, probed.size());
        assertTrue(ports.containsAll(probed), probed::toString);
    }

    @Test
    void theRuntimeHasEveryModuleThatIsRequired() {
        assumeTrue(Main.class.getModule().isNamed(), "these tests run on the class path");
        Set<String> linked =
                new HashSet<>(
                        Arrays.asList(one("--add-modules (\\S+)", DOCKERFILE).split(",", -1)));
        Set<String> required = requiredOfTheJdk();
        assertTrue(required.contains("java.logging"), required::toString);
        required.removeAll(linked);
        assertEquals(Set.of(), required);
    }

    /// Those that the module of the command requires, and those that these require.
    private static Set<String> requiredOfTheJdk() {
        Configuration modules = ModuleLayer.boot().configuration();
        Deque<ResolvedModule> toDo = new ArrayDeque<>();
        toDo.add(modules.findModule(Main.class.getModule().getName()).orElseThrow());
        Set<String> seen = new HashSet<>();
        Set<String> required = new TreeSet<>();
        while (!toDo.isEmpty()) {
            for (Requires each : toDo.remove().reference().descriptor().requires()) {
                boolean optional = each.modifiers().contains(Requires.Modifier.STATIC);
                if (optional || !seen.add(each.name())) continue;
                if (each.name().startsWith("java.")) required.add(each.name());
                else if (each.name().startsWith("jdk.")) required.add(each.name());
                else toDo.add(modules.findModule(each.name()).orElseThrow());
            }
        }
        return required;
    }

    @Test
    void theLauncherTellsAsThePageHowLongItRecords() {
        String time = one("once for each build, (\\d[^)]* s)", read("torc"));
        assertTrue(read("docs/startup.md").contains("which takes " + time), time);
    }

    @Test
    void javaStartsWithTheOptionsOfTheLauncher() {
        String launcher = read("torc");
        String options = one("^options=\"([^\"]*)\"", launcher);
        List<String> image = JAVA_OPTIONS.lines().toList();
        for (String option : options.split("\\s+", -1)) {
            assertTrue(image.contains(option), option);
        }
        assertTrue(DOCKERFILE.contains("\"dev.torc.standalone/" + Main.class.getName() + "\""));
    }
}
