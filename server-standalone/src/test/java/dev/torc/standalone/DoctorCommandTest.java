package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.spi.TransportProvider;
import dev.torc.standalone.Torc.Outcome;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// `torc doctor` on the machine at hand, and where a filter refuses the ring.
class DoctorCommandTest {
    @TempDir private Path directory = Path.of("");

    private static void assumeRing() {
        boolean works =
                TransportProvider.installed().stream()
                        .anyMatch(each -> each.name().equals("uring") && each.verdict().works());
        assumeTrue(works, "io_uring does not work here");
    }

    private static JsonNode finding(Outcome outcome, String section, String name) {
        for (JsonNode finding : sections(outcome).get(section)) {
            if (finding.get("name").asString().equals(name)) return finding;
        }
        throw new AssertionError(section + " has no " + name + ": " + outcome.output());
    }

    private static JsonNode sections(Outcome outcome) {
        return new JsonMapper().readTree(outcome.output()).get("sections");
    }

    @Test
    void whereTheRingWorksItSaysSo() throws IOException {
        assumeRing();
        Outcome outcome = Torc.run(directory, "doctor", "--json", "--transport", "uring");
        assertEquals("uring", finding(outcome, "transport", "chosen").get("found").asString());
        assertEquals("ok", finding(outcome, "transport", "uring").get("state").asString());
        assertEquals("ok", finding(outcome, "operations", "SEND").get("state").asString());
        assertEquals("ok", finding(outcome, "features", "NODROP").get("state").asString());
        assertEquals("ok", finding(outcome, "set_up_flags", "CLAMP").get("state").asString());
        assertEquals("ok", finding(outcome, "system", "native access").get("state").asString());
        assertEquals("", outcome.errors());
        boolean starts = new JsonMapper().readTree(outcome.output()).get("starts").asBoolean();
        assertEquals(starts ? 0 : 1, outcome.exitCode());
    }

    @Test
    void theRingOfTheAdminListenerIsCounted() throws IOException {
        assumeRing();
        String[] alone = {"doctor", "--json", "--transport=uring", "--shards=1"};
        String[] both = {
            "doctor", "--json", "--transport=uring", "--shards=1", "--admin-port=9090"
        };
        assertEquals("344 KiB", locked(Torc.run(directory, alone)));
        assertEquals("676 KiB", locked(Torc.run(directory, both)));
    }

    private static String locked(Outcome outcome) {
        return finding(outcome, "limits", "memlock").get("needed").asString();
    }

    @Test
    void theSameIsToldToPeople() throws IOException {
        Outcome outcome = Torc.run(directory, "doctor");
        for (String title :
                List.of("\ntransport\n", "\nsystem\n", "\nlimits\n", "\ncgroup\n", "\nTorc ")) {
            assertTrue(outcome.output().contains(title), outcome.output());
        }
        assertFalse(outcome.output().contains("\u001b"), "colour without a terminal");
        assertTrue(outcome.output().contains("as configured"), outcome.output());
    }

    /// By name, so that it stays a shortfall where another transport works.
    @ParameterizedTest
    @CsvSource({"1, EPERM, docker run", "38, ENOSYS, docker run", "12, ENOMEM, ulimit -l"})
    void whereAFilterRefusesTheRingItNamesTheErrnoAndTheRemedy(
            String errno, String name, String remedy) throws Exception {
        assumeRing();
        Outcome outcome = refused(errno, "doctor", "--json", "--transport", "uring");
        assertEquals(1, outcome.exitCode(), outcome.errors());
        JsonNode uring = finding(outcome, "transport", "uring");
        assertEquals("shortfall", uring.get("state").asString());
        String found = uring.get("found").asString();
        assertTrue(found.startsWith("io_uring_setup: " + name + " ("), found);
        assertTrue(uring.get("remedy").asString().startsWith(remedy), uring::toString);
        JsonNode seccomp = finding(outcome, "confinement", "seccomp");
        assertEquals("2 (a filter)", seccomp.get("found").asString());
    }

    /// Not even where another transport works: that would hide the limit.
    @Test
    void autoDoesNotStartWhereMemoryIsUsedUp() throws Exception {
        assumeRing();
        Outcome outcome = refused("12", "demo", "--port", "0");
        assertEquals(2, outcome.exitCode(), outcome.output());
        assertTrue(outcome.errors().contains("ENOMEM (out of memory)"), outcome.errors());
        assertTrue(outcome.errors().contains("ulimit -l unlimited"), outcome.errors());
        assertEquals(1, outcome.errors().lines().count(), outcome.errors());
    }

    @Test
    void aTransportThatIsNotThereIsAWrongOption() throws IOException {
        Outcome outcome = Torc.run(directory, "doctor", "--transport", "steam");
        assertEquals(2, outcome.exitCode());
        assertTrue(outcome.errors().contains("must be auto, uring or nio"), outcome.errors());
    }

    private Outcome refused(String errno, String... arguments) throws Exception {
        List<String> prefix = List.of(Refusal.compile(directory).toString(), errno);
        try (Torc torc = Torc.start(directory, prefix, arguments)) {
            return torc.end();
        }
    }
}
