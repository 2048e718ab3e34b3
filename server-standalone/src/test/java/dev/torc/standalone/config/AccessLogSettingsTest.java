package dev.torc.standalone.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.torc.core.StartException;
import dev.torc.http.log.AccessLogConfig;
import dev.torc.http.log.LogFormat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Which access log there is, with a file and without one, for commands with lines of their own
/// (`serve`) and without (`demo`).
class AccessLogSettingsTest {
    private static final AccessLogConfig DEFAULTS = AccessLogConfig.defaults();
    private static final AccessLogConfig SHORT = DEFAULTS.withFormat(LogFormat.TERMINAL);

    private static Settings settings(Map<String, String> environment, String... flags) {
        return new Flags("serve", Schema.groups(), List.of())
                .parse(List.of(flags))
                .settings(environment);
    }

    private static @Nullable AccessLogConfig ofServe(String... flags) {
        return AccessLogSettings.config(settings(Map.of(), flags), SHORT);
    }

    private static @Nullable AccessLogConfig ofDemo(String... flags) {
        return AccessLogSettings.config(settings(Map.of(), flags), null);
    }

    @Test
    void withoutSettingsACommandsOwnLinesAreAllThereIs() {
        assertEquals(SHORT, ofServe());
        assertEquals(SHORT, ofServe("--access-log="));
        assertNull(ofServe("--quiet"));
        assertNull(ofDemo());
    }

    @Test
    void aFileIsWrittenWhateverElseWouldBe() {
        AccessLogConfig json =
                DEFAULTS.withFormat(LogFormat.JSON).withFile(Path.of("a")).withFilesMax(3);
        String[] flags = {
            "--access-log=a", "--access-log-format=json", "--access-log-files-max=3", "--quiet"
        };
        assertEquals(json, ofServe(flags));
        assertEquals(json, ofDemo(flags));
        assertEquals(DEFAULTS, ofServe("--access-log=-"));
        assertEquals(DEFAULTS, ofDemo("--access-log=-"));
    }

    /// As by a variable of a container.
    @Test
    void withoutAFileFormatSampleAndBufferAreThoseOfACommandsOwnLines() {
        Settings json = settings(Map.of("TORC_ACCESS_LOG_FORMAT", "json"));
        assertEquals(DEFAULTS.withFormat(LogFormat.JSON), AccessLogSettings.config(json, SHORT));
        assertEquals(
                SHORT.withSample(100).withBufferBytes(1 << 16),
                ofServe("--access-log-sample=100", "--access-log-buffer-bytes=64K"));
        Settings quiet = settings(Map.of("TORC_ACCESS_LOG_SAMPLE", "2"), "--quiet");
        assertNull(AccessLogSettings.config(quiet, SHORT));
    }

    @ParameterizedTest
    @CsvSource({
        "TORC_ACCESS_LOG_FILES_MAX, 3",
        "TORC_ACCESS_LOG_FILE_BYTES_MAX, 1M",
        "TORC_ACCESS_LOG_FILE_TIME_MAX, 1d"
    })
    void whatIsForFilesIsRefusedWithoutOne(String name, String value) {
        Settings given = settings(Map.of(name, value));
        String why = name + " is for a file: --access-log FILE (access-log.file) names none";
        assertEquals(why, refused(given, SHORT));
        assertEquals(why, refused(given, null));
    }

    @Test
    void whereNothingIsLoggedEverySettingIsRefusedWhereverItIsFrom(@TempDir Path directory)
            throws IOException {
        String rest = " is for an access log: --access-log FILE (access-log.file) names none";
        assertEquals(
                "--access-log-format" + rest,
                refused(settings(Map.of(), "--access-log-format=json"), null));
        assertEquals(
                "TORC_ACCESS_LOG_SAMPLE" + rest,
                refused(settings(Map.of("TORC_ACCESS_LOG_SAMPLE", "9")), null));
        Path file = Files.writeString(directory.resolve("t"), "access-log.buffer-bytes = '1M'\n");
        assertEquals(
                file + ":1:1: access-log.buffer-bytes" + rest,
                refused(settings(Map.of("TORC_CONFIG", file.toString())), null));
    }

    private static String refused(Settings settings, @Nullable AccessLogConfig own) {
        return String.valueOf(
                assertThrows(StartException.class, () -> AccessLogSettings.config(settings, own))
                        .getMessage());
    }
}
