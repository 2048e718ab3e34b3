package dev.torc.standalone.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.StartException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Flags, variables and files together.
class ArgumentsTest {
    @TempDir private Path directory = Path.of("");

    private static Arguments flags(String... arguments) {
        return new Flags("serve", Schema.groups(), List.of("--json")).parse(List.of(arguments));
    }

    private String file(String text) throws IOException {
        return Files.writeString(directory.resolve("t.toml"), text).toString();
    }

    private static String refused(Map<String, String> environment, String... arguments) {
        StartException refused =
                assertThrows(StartException.class, () -> flags(arguments).settings(environment));
        return String.valueOf(refused.getMessage());
    }

    @Test
    void aFlagCountsMoreThanAVariableAndThatMoreThanAFile() throws IOException {
        String file = file("port = 1\nshards = 1\n[limits]\nconnections-max = 1\n");
        Map<String, String> environment = Map.of("TORC_PORT", "2", "TORC_SHARDS", "2");
        Settings settings = flags("--config", file, "--port", "3").settings(environment);
        assertEquals(3, settings.of(ServerSettings.PORT));
        assertEquals(2, settings.of(ServerSettings.SHARDS));
        assertEquals(1, settings.of(LimitSettings.CONNECTIONS_MAX));
        assertEquals("127.0.0.1", settings.of(ServerSettings.HOST));
        assertEquals("--port", settings.origin(ServerSettings.PORT).toString());
        assertEquals("TORC_SHARDS", settings.origin(ServerSettings.SHARDS).toString());
        assertEquals(file + ":4:1", settings.origin(LimitSettings.CONNECTIONS_MAX).toString());
        assertEquals("default", settings.origin(ServerSettings.HOST).toString());
    }

    @Test
    void theFileMayBeNamedByAVariableAndAFlagCountsMore() throws IOException {
        String file = file("port = 1\n");
        Map<String, String> environment = Map.of("TORC_CONFIG", file);
        assertEquals(1, flags().settings(environment).of(ServerSettings.PORT));
        Path other = Files.writeString(directory.resolve("other"), "port = 2\n");
        Settings settings = flags("--config", other.toString()).settings(environment);
        assertEquals(2, settings.of(ServerSettings.PORT));
        assertEquals(8080, flags().settings(Map.of("TORC_CONFIG", "")).of(ServerSettings.PORT));
    }

    @Test
    void listsWorkEverywhereAndTheStrongestCounts() throws IOException {
        List<Rule> both = List.of(new Rule("A", "b: c"), new Rule("D", "e, f"));
        Settings flags = flags("--header", "A: b: c", "--header", "D:e, f").settings(Map.of());
        assertEquals(both, flags.of(FileSettings.HEADERS));
        Map<String, String> environment = Map.of("TORC_FILES_HEADERS", "A: b: c\n\nD: e, f\n");
        assertEquals(both, flags().settings(environment).of(FileSettings.HEADERS));
        String file = file("[files]\nheaders = [\n  'A: b: c',\n  \"D: e, f\"\n]\n");
        assertEquals(both, flags("--config", file).settings(Map.of()).of(FileSettings.HEADERS));
        Settings strongest = flags("--config", file, "--header", "X: y").settings(environment);
        assertEquals(List.of(new Rule("X", "y")), strongest.of(FileSettings.HEADERS));
    }

    @Test
    void everySettingCanBeGivenInEachWay() throws IOException {
        for (Setting<?> setting : Schema.all().toList()) assertGivenInEachWay(setting);
    }

    private <T> void assertGivenInEachWay(Setting<T> setting) throws IOException {
        String text = setting.type().isList() ? "a: b" : setting.type().format(setting.initial());
        T value = setting.type().parse(text);
        boolean on = setting.initial().equals(true);
        String[] arguments =
                setting.isSwitch()
                        ? new String[] {on ? setting.flag() : setting.opposite()}
                        : new String[] {setting.flag() + "=" + text};
        Settings byFlag = flags(arguments).settings(Map.of());
        Settings byVariable = flags().settings(Map.of(setting.variable(), text));
        boolean list = setting.type().isList();
        String quoted = list ? "['" + text + "']" : "'" + text + "'";
        String file = file("# comment\n" + setting.key() + " = " + quoted + "\n");
        Settings byFile = flags("--config", file).settings(Map.of());
        for (Settings settings : List.of(byFlag, byVariable, byFile)) {
            assertEquals(value, settings.of(setting), setting.key());
            assertTrue(settings.isGiven(setting), setting.key());
        }
        assertEquals(file + ":2:1", byFile.origin(setting).toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--port 70000             | --port must be 0 to 65535: 70000",
                "--port abc               | --port must be 0 to 65535: abc",
                "--port                   | --port needs a value: --port N",
                "--port 1 --port 2        | --port is given twice",
                "--hidden --no-hidden     | --hidden and --no-hidden contradict each other",
                "--hidden=true            | --hidden takes no value: --hidden=true",
                "--prot 1                 | there is no flag --prot, did you mean --port?",
                "--files-listing          | there is no flag --files-listing, did you mean --list",
                "--xyzzy                  | there is no flag --xyzzy",
                "--transport urng         | must be auto, uring or nio: urng, did you mean uring?",
                "--header nonsense        | --header is two parts with a colon between: nonsense",
                "--upload-max 1X          | --upload-max must be a number of bytes from 1 to 83886",
                "--timeouts-idle 30       | must be a time with its unit (ms, s, m, h, d), 10ms to",
                "--limits-bulk-buffers 3  | must be a power of two, 1 to 32768: 3",
                "--config nowhere         | there is no configuration file nowhere",
                "--config .               | must be a file of up to 1 MiB: ."
            })
    void saysWhatIsWrongWithAFlag(String line, String message) {
        String said = refused(Map.of(), line.split(" "));
        assertTrue(said.contains(message), said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TORC_PORT        | x  | TORC_PORT must be 0 to 65535: x",
                "TORC_PROT        | 1  | no setting is called TORC_PROT, did you mean TORC_PORT?",
                "TORC_QUITE_WRONG | 1  | called TORC_QUITE_WRONG: torc config reference lists all",
                "TORC_QUIET       | on | TORC_QUIET must be true or false: on",
                "TORC_HOST        | '' | must be an address or a name of this host: (nothing)",
                "TORC_ADMIN_HOST  | ' '| TORC_ADMIN_HOST must be an address or a name of this host"
            })
    void saysWhatIsWrongWithAVariable(String name, String value, String message) {
        String said = refused(Map.of(name, value));
        assertTrue(said.contains(message), said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "port = 70000          | :1:1: port must be 0 to 65535: 70000",
                ";  prot = 1           | :2:3: no setting is called prot, did you mean port?",
                "[limts];a = 1         | :1:1: no setting is called limts, did you mean limits?",
                "[limits];;max = 1     | :3:1: no setting is called limits.max",
                "port = ;x             | :1:8: not TOML: ",
                "port = 1;port = 2     | :2:9: not TOML: Duplicate key",
                "port = [1]            | :1:1: port must be one value",
                "files.headers = [1]   | :1:1: files.headers must be an array of strings",
                "limits = {bulk-buffers = 3} | :1:1: limits.bulk-buffers must be a power of two",
                "timeouts.idle = 30    | :1:1: timeouts.idle must be a time with its unit",
                "shards = 1.5          | :1:1: shards must be 1 to 1024: 1.5"
            })
    void saysWhatIsWrongInAFileAndWhere(String text, String message) throws IOException {
        String file = file(text.replace(';', '\n'));
        String said = refused(Map.of(), "--config", file);
        assertTrue(said.contains(file + message), said);
    }

    @Test
    void refusesAlsoWhatAStrongerPlaceOverrules() {
        String said = refused(Map.of("TORC_PORT", "x"), "--port", "1");
        assertTrue(said.contains("TORC_PORT must be"), said);
    }

    @Test
    void aFileThatCannotBeReadIsNamedWithTheReason() throws IOException {
        Path loop = directory.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        String said = refused(Map.of(), "--config", loop.toString());
        String why = "the configuration file " + loop + " cannot be read: java.nio.file.FileSystem";
        assertTrue(said.startsWith(why), said);
    }

    @Test
    void aBinaryFileIsNotUtf8() throws IOException {
        Path file = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, 0});
        String said = refused(Map.of(), "--config", file.toString());
        assertTrue(said.contains("not UTF-8"), said);
    }

    /// As it sets them for a service that is called torc, or torc-admin.
    @Test
    void leavesVariablesOfTheLauncherAndOfKubernetesAlone() {
        Map<String, String> environment =
                Map.of(
                        "TORC_JAVA_OPTS", "-Xmx1g",
                        "TORC_AOT", "off",
                        "TORC_SERVICE_HOST", "10.0.0.1",
                        "TORC_SERVICE_PORT_HTTP", "80",
                        "TORC_PORT", "tcp://10.0.0.1:80",
                        "TORC_PORT_80_TCP", "tcp://10.0.0.1:80",
                        "TORC_PORT_80_TCP_ADDR", "10.0.0.1",
                        "TORC_ADMIN_SERVICE_HOST", "10.0.0.2",
                        "TORC_ADMIN_PORT_9090_TCP_PROTO", "tcp");
        Settings settings = flags().settings(environment);
        assertFalse(settings.isGiven(ServerSettings.PORT));
    }

    @Test
    void aPageForWhatIsNotThereIsIndexUnlessNamed() {
        assertEquals("index.html", flags("--spa").settings(Map.of()).of(FileSettings.FALLBACK));
        assertEquals("a.html", flags("--spa=a.html").settings(Map.of()).of(FileSettings.FALLBACK));
        assertEquals(
                "a.html", flags("--spa", "a.html").settings(Map.of()).of(FileSettings.FALLBACK));
    }

    @Test
    void whatIsNoFlagIsLeft() {
        Arguments arguments = flags("dir", "--hidden", "other", "--json", "--", "--port");
        assertEquals(List.of("dir", "other", "--port"), arguments.rest());
        assertTrue(arguments.options().contains("--json"));
        Settings settings = flags("--hidden").with(FileSettings.ROOT, "d").settings(Map.of());
        assertEquals("d", settings.of(FileSettings.ROOT));
        assertEquals("DIR", settings.origin(FileSettings.ROOT).toString());
    }
}
