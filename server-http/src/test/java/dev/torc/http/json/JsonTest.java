package dev.torc.http.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.torc.http.GenericType;
import dev.torc.http.Status;
import dev.torc.http.StatusException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class JsonTest {
    private static final Json JSON = new Json();
    private static final Type ORDERS = new GenericType<Map<String, List<Order>>>() {}.type();

    public record Item(String name, int count) {
        public Item {
            if (count < 0) throw new IllegalArgumentException("secret of the constructor");
        }
    }

    public record Order(long id, List<Item> items) {}

    /// Jackson has no way to make one.
    public interface Unmade {
        String name();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] written(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JSON.write(value, bytes);
        return bytes.toByteArray();
    }

    private static String refusal(Json json, byte[] body, Type type) {
        StatusException refused = assertThrows(StatusException.class, () -> json.read(body, type));
        assertEquals(Status.BAD_REQUEST, refused.status());
        assertEquals(0, refused.getStackTrace().length);
        return Objects.requireNonNull(refused.getMessage());
    }

    private static String refusal(String text, Type type) {
        return refusal(JSON, utf8(text), type);
    }

    @Test
    void readsWhatItWrites() {
        Order order = new Order(7, List.of(new Item("caf\u00e9 \ud83d\ude00", 2)));
        byte[] bytes = written(order);
        assertEquals(
                "{\"id\":7,\"items\":[{\"count\":2,\"name\":\"caf\u00e9 \ud83d\ude00\"}]}".length(),
                new String(bytes, StandardCharsets.UTF_8).length());
        assertEquals(order, JSON.read(bytes, Order.class));
        byte[] map = written(Map.of("a", List.of(order)));
        assertEquals(Map.of("a", List.of(order)), JSON.read(map, ORDERS));
        assertArrayEquals(utf8("\"text\""), written("text"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ | malformed JSON at $, line 1, column 2",
                "{\"id\":1,} | malformed JSON at $, line 1, column 9",
                "{'id':1} | malformed JSON at $, line 1, column 2",
                "{\"id\":01} | malformed JSON at $, line 1, column 7",
                "{\"id\":1} x | malformed JSON at $, line 1, column 10",
                "{\"id\":NaN} | malformed JSON at $, line 1, column 10",
                "{\"id\":\"secret\"} | JSON that does not fit at $.id, line 1, column 7",
                "{\"id\":1e99} | JSON that does not fit at $.id, line 1, column 7",
                "[] | JSON that does not fit at $, line 1, column 1",
                "null | null instead of a value at $"
            })
    void tellsThePlaceAndRepeatsNothing(String text, String why) {
        String told = refusal(text, Order.class);
        assertEquals(why.replaceAll("column \\d+", ""), told.replaceAll("column \\d+", ""));
    }

    @Test
    void tellsThePathThroughListsAndMaps() {
        String body =
                """
                {"secret": [{"id": 1, "items": []},
                   {"id": 2, "items": [{"name": "a", "count": 1}, {"count": "secret"}]}]}
                """;
        assertEquals(
                "JSON that does not fit at $.*[1].items[1].count, line 2, column 61",
                refusal(body, ORDERS));
    }

    @Test
    void repeatsNoNameThatThePeerChose() {
        Json strict =
                new Json(
                        JsonMapper.builder()
                                .enable(
                                        tools.jackson.databind.DeserializationFeature
                                                .FAIL_ON_UNKNOWN_PROPERTIES)
                                .build());
        String told = refusal(strict, utf8("{\"id\":1,\"secret\":2}"), Order.class);
        assertFalse(told.contains("secret"), told);
        assertEquals("JSON that does not fit at $.*", told.replaceAll(",.*", ""));
    }

    @Test
    void repeatsNothingOfAConstructorsException() {
        String told = refusal("{\"name\":\"x\",\"count\":-1}", Item.class);
        assertFalse(told.contains("secret"), told);
    }

    @Test
    void takesOneValueAndNothingBehindIt() {
        refusal("{\"id\":1,\"items\":[]} {}", Order.class);
        refusal("{\"id\":1,\"items\":[]}]", Order.class);
        JSON.read(utf8("  {\"id\":1,\"items\":[]} \r\n\t "), Order.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE"})
    void guessesNoOtherEncoding(String charset) {
        byte[] body = "{\"id\":1,\"items\":[]}".getBytes(Charset.forName(charset));
        refusal(JSON, body, Order.class);
    }

    @Test
    void boundsNestingAndNumbers() {
        refusal("[".repeat(100_000), List.class);
        refusal("{\"a\":".repeat(100_000), Map.class);
        refusal("[" + "1".repeat(100_000) + "]", List.class);
        refusal("{\"id\":9223372036854775808}", Order.class);
        refusal("{\"id\":1,\"items\":[{\"count\":2147483648}]}", Order.class);
    }

    @Test
    void aTypeThatCannotBeReadIsNoFaultOfThePeer() {
        assertThrows(InvalidDefinitionException.class, () -> JSON.read(utf8("{}"), Unmade.class));
    }
}
