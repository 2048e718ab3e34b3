package dev.torc.http.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonIdentityInfo;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.ObjectIdGenerators;

import dev.torc.testkit.Await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonGeneratorDelegate;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// What is written must be what a generator of its own would have written, whatever came before.
class JsonWriterTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final JsonWriter writer = new JsonWriter(MAPPER);

    public record Point(int x, int y) {}

    /// Fails when it has been written in part.
    public record Broken(String before) {
        @JsonProperty
        public int z() {
            return Integer.parseInt("not a number");
        }
    }

    @JsonIdentityInfo(generator = ObjectIdGenerators.IntSequenceGenerator.class)
    public static final class Identified {
        public final int x = 1;
    }

    /// A value that writes another one while it is written.
    public final class Nesting {
        @JsonProperty
        public String text() {
            return written(writer, new Point(1, 2));
        }

        @JsonProperty
        public int after() {
            return 3;
        }
    }

    private static String written(JsonWriter writer, Object value) {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        writer.write(value, target);
        return target.toString(StandardCharsets.UTF_8);
    }

    private String written(Object value) {
        return written(writer, value);
    }

    @Test
    void writesNothingBetweenValues() {
        List<Object> values =
                Arrays.asList(
                        new Point(1, 2), 7, "text", null, true, List.of(), Map.of(), 0.5, 1L << 40);
        for (Object value : values) {
            for (Object next : values) {
                assertEquals(MAPPER.writeValueAsString(value), written(value));
                assertEquals(MAPPER.writeValueAsString(next), written(next));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 2663, 2664, 7_998, 8_000, 100_000})
    void writesTextOfAnyLength(int characters) {
        for (String character : new String[] {"a", "\"", "\n", "\u0001", "\u00e9", "\u20ac"}) {
            String text = character.repeat(characters);
            assertEquals(MAPPER.writeValueAsString(List.of(text)), written(List.of(text)));
        }
        String pairs = "\ud83d\ude00".repeat(characters);
        assertEquals(pairs, MAPPER.readValue(written(Map.of("a", pairs)), Map.class).get("a"));
        assertEquals("{\"x\":1,\"y\":2}", written(new Point(1, 2)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 10_000, 1_000_000})
    void beginsAnewAfterAFailure(int charactersBefore) {
        String whole = written(new Point(1, 2));
        Broken broken = new Broken("a".repeat(charactersBefore));
        for (int i = 0; i < 3; i++) {
            assertThrows(RuntimeException.class, () -> written(List.of(broken)));
            assertEquals(whole, written(new Point(1, 2)));
        }
    }

    @Test
    void beginsAnewWhenTheTargetHasFailed() {
        OutputStream full =
                new OutputStream() {
                    @Override
                    public void write(int octet) throws IOException {
                        throw new IOException("full");
                    }
                };
        assertThrows(JacksonException.class, () -> writer.write(new Point(1, 2), full));
        assertEquals("{\"x\":3,\"y\":4}", written(new Point(3, 4)));
    }

    @Test
    void remembersNoValueForTheNext() {
        Identified identified = new Identified();
        String whole = MAPPER.writeValueAsString(identified);
        assertEquals(whole, written(identified));
        assertEquals(whole, written(identified));
    }

    @Test
    void keepsNoValueFromTheCollector() {
        WeakReference<Object> value = writtenOnce();
        Await.until(
                "the value is collected",
                () -> {
                    System.gc();
                    return value.refersTo(null);
                });
    }

    private WeakReference<Object> writtenOnce() {
        Object value = List.of(Optional.of(new Identified()), Map.of("a", new Identified()));
        assertTrue(written(value).startsWith("["));
        return new WeakReference<>(value);
    }

    @Test
    void writesAValueThatWritesAnother() {
        String whole = MAPPER.writeValueAsString(new Nesting());
        assertTrue(whole.contains("after"), whole);
        for (int i = 0; i < 3; i++) {
            assertEquals(whole, written(new Nesting()));
            assertEquals("{\"x\":1,\"y\":2}", written(new Point(1, 2)));
        }
    }

    @Test
    void writesOnVirtualThreads() throws Exception {
        for (int i = 0; i < 3; i++) {
            FutureTask<String> task = new FutureTask<>(() -> written(new Point(1, 2)));
            Thread.ofVirtual().start(task);
            assertEquals("{\"x\":1,\"y\":2}", task.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
    }

    @Test
    void indentsEachValueAsTheFirst() {
        JsonMapper indenting =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        JsonWriter pretty = new JsonWriter(indenting);
        String whole = indenting.writeValueAsString(new Point(1, 2));
        assertTrue(whole.contains("\n"), whole);
        assertEquals(whole, written(pretty, new Point(1, 2)));
        assertEquals(whole, written(pretty, new Point(1, 2)));
    }

    @Test
    void closesGeneratorsOfTheApplication() {
        int[] closed = new int[1];
        JsonFactory factory =
                JsonFactory.builder()
                        .addDecorator((_, generator) -> new Counting(generator, closed))
                        .build();
        JsonWriter decorated = new JsonWriter(new JsonMapper(factory));
        for (int i = 1; i <= 3; i++) {
            assertEquals("{\"x\":1,\"y\":2}", written(decorated, new Point(1, 2)));
            assertEquals(i, closed[0]);
        }
    }

    private static final class Counting extends JsonGeneratorDelegate {
        private final int[] closed;

        Counting(JsonGenerator delegate, int[] closed) {
            super(delegate);
            this.closed = closed;
        }

        @Override
        public void close() {
            closed[0]++;
            super.close();
        }
    }
}
