package dev.torc.standalone.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Limits;
import dev.torc.core.ServerConfig;
import dev.torc.core.StartException;
import dev.torc.http.HttpLimits;
import dev.torc.http.HttpTimeouts;
import dev.torc.http.ShutdownConfig;
import dev.torc.http.file.Compression;
import dev.torc.http.file.FileCacheLimits;
import dev.torc.http.file.FileOptions;
import dev.torc.http.log.AccessLogConfig;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The schema has what the library's own types have: no component is forgotten, and defaults and
/// ranges are theirs.
class SchemaTest {
    private static final Settings NOTHING = new Settings(List.of());

    /// Components that are settings under other names, or groups of their own.
    private static final Map<String, List<String>> ELSEWHERE =
            Map.of(
                    "address", List.of("host", "port"),
                    "limits", List.of("limits.connections-max"),
                    "http.timeouts", List.of("timeouts.idle"),
                    "files.cache", List.of("file-cache.files-max"),
                    "files.compression", List.of("compression.enabled"),
                    "files.header", List.of("files.headers"));

    /// Narrower here than a program may go.
    private static final Set<String> NARROWER =
            Set.of(
                    "http.streamed-body-bytes-max", // nothing is no upload; 2^63 has no short name
                    "file-cache.content-bytes-max",
                    "file-cache.staleness");

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static void assertKnown(String key) {
        for (String known : ELSEWHERE.getOrDefault(key, List.of(key))) {
            assertTrue(Schema.byKey(known).isPresent(), "no setting for " + known);
        }
    }

    private static void assertComplete(String prefix, Class<? extends Record> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            assertKnown(prefix + kebab(component.getName()));
        }
    }

    @Test
    void hasEveryComponent() {
        assertComplete("", ServerConfig.class);
        assertComplete("limits.", Limits.class);
        assertComplete("http.", HttpLimits.class);
        assertComplete("timeouts.", HttpTimeouts.class);
        assertComplete("file-cache.", FileCacheLimits.class);
        assertComplete("compression.", Compression.class);
        assertComplete("access-log.", AccessLogConfig.class);
        assertComplete("shutdown.", ShutdownConfig.class);
    }

    @Test
    void hasEveryOptionOfFiles() {
        int count = 0;
        for (Method method : FileOptions.class.getMethods()) {
            if (!method.getName().startsWith("with")) continue;
            assertFalse(Modifier.isStatic(method.getModifiers()));
            String name = method.getName().substring("with".length());
            assertKnown("files" + kebab(name).replaceFirst("^-", "."));
            count++;
        }
        assertTrue(count >= 16, "looked at " + count);
    }

    @Test
    void hasTheirDefaults() {
        assertEquals(ServerConfig.defaults(), ServerSettings.config(NOTHING));
        assertEquals(HttpLimits.defaults(), HttpSettings.limits(NOTHING));
        assertEquals(FileCacheLimits.defaults(), FileCacheSettings.limits(NOTHING));
        assertEquals(Compression.defaults(), CompressionSettings.compression(NOTHING));
    }

    /// The library's own checks accept the first and the last value of each range, and refuse those
    /// beyond.
    @Test
    void hasTheirRanges() throws Exception {
        assertRanges("", ServerConfig.defaults());
        assertRanges("limits.", Limits.defaults());
        assertRanges("http.", HttpLimits.defaults().withRequestLineBytesMax(16));
        assertRanges("file-cache.", FileCacheLimits.defaults());
    }

    private static void assertRanges(String prefix, Record defaults) throws Exception {
        int checked = 0;
        for (RecordComponent component : defaults.getClass().getRecordComponents()) {
            String key = prefix + kebab(component.getName());
            Setting<?> setting = Schema.byKey(key).orElse(null);
            if (setting == null || !(setting.type() instanceof Amount range)) continue;
            checked++;
            String name = component.getName();
            assertTrue(accepts(defaults, name, range.min()), key + "=" + range.min());
            boolean bound = key.equals("http.request-line-bytes-max"); // by the head as well
            if (!bound) assertTrue(accepts(defaults, name, range.max()), key + "=" + range.max());
            if (NARROWER.contains(key)) continue;
            assertFalse(accepts(defaults, name, range.min() - 1), key + "=" + (range.min() - 1));
            if (range.max() == Integer.MAX_VALUE) continue;
            assertFalse(accepts(defaults, name, range.max() + 1), key + "=" + (range.max() + 1));
        }
        assertTrue(checked > 0, "no amount in " + defaults);
    }

    private static boolean accepts(Record defaults, String name, long value) throws Exception {
        RecordComponent[] components = defaults.getClass().getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        List<Object> values = new ArrayList<>();
        for (RecordComponent component : components) {
            Object now = component.getAccessor().invoke(defaults);
            boolean wanted = component.getName().equals(name);
            if (!wanted) values.add(now);
            else if (component.getType() == int.class) values.add(Math.toIntExact(value));
            else values.add(value);
        }
        try {
            assertNotNull(defaults.getClass().getConstructor(types).newInstance(values.toArray()));
            return true;
        } catch (java.lang.reflect.InvocationTargetException refused) {
            assertTrue(refused.getCause() instanceof IllegalArgumentException);
            return false;
        }
    }

    @Test
    void namesEachSettingOnce() {
        Set<String> keys = new HashSet<>();
        Set<String> flags = new HashSet<>();
        Set<String> variables = new HashSet<>();
        for (Setting<?> setting : Schema.all().toList()) {
            assertTrue(keys.add(setting.key()), setting.key());
            assertTrue(flags.add(setting.flag()), setting.flag());
            if (setting.isSwitch()) assertTrue(flags.add(setting.opposite()), setting.opposite());
            assertTrue(variables.add(setting.variable()), setting.variable());
            assertTrue(setting.key().matches("[a-z-]+(\\.[a-z-]+)?"), setting.key());
            assertTrue(setting.meaning().endsWith("."), setting.meaning());
        }
    }

    /// Or the reference could not say what to write to get them.
    @Test
    void defaultsAreValuesOneCanGive() {
        for (Setting<?> setting : Schema.all().toList()) assertInitialIsValue(setting);
    }

    private static <T> void assertInitialIsValue(Setting<T> setting) {
        if (setting.type().isList()) return;
        String text = setting.type().format(setting.initial());
        assertEquals(setting.initial(), setting.type().parse(text), setting.key());
    }

    @Test
    void valuesThatContradictEachOtherAreRefusedByTheirKeys() {
        Setting<?> line = HttpSettings.REQUEST_LINE_BYTES_MAX;
        Origin origin = new Origin.Variable(line.variable());
        Settings settings = new Settings(List.of(new Given(line, List.of("64K"), origin)));
        StartException refused =
                assertThrows(StartException.class, () -> HttpSettings.limits(settings));
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.startsWith("http.head-bytes-max must be between 65536"), message);
        assertTrue(message.contains("TORC_HTTP_REQUEST_LINE_BYTES_MAX"), message);
        assertFalse(message.contains("headBytesMax"), message);
    }

    @Test
    void whatTheLibraryRefusesNamesItsPlace() {
        Setting<?> header = FileSettings.HEADERS;
        Origin origin = new Origin.Flag(header.flag());
        Settings settings = new Settings(List.of(new Given(header, List.of("Date: x"), origin)));
        StartException refused =
                assertThrows(StartException.class, () -> FileSettings.options(settings));
        assertEquals(
                "Date is not to be set for files; files.headers is from --header",
                refused.getMessage());
    }

    @Test
    void wordsThatAreKeysStayWordsInASentence() {
        Setting<?> listing = FileSettings.LISTING;
        StartException refused =
                assertThrows(
                        StartException.class,
                        () ->
                                FileSettings.GROUP.checked(
                                        new Settings(List.of()),
                                        () -> {
                                            throw new IllegalArgumentException(
                                                    "no listing, listing=1");
                                        }));
        assertEquals("no listing, " + listing.key() + "=1", refused.getMessage());
    }

    @Test
    void namesTablesBesideKeys() {
        assertEquals(
                new TreeSet<>(
                        List.of(
                                "access-log",
                                "admin",
                                "compression",
                                "file-cache",
                                "files",
                                "http",
                                "limits",
                                "metrics",
                                "shutdown",
                                "timeouts")),
                new TreeSet<>(
                        Schema.names().stream()
                                .filter(name -> Schema.byKey(name).isEmpty())
                                .toList()));
    }
}
