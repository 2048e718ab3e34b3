package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.torc.http.AllocatedBytes;
import dev.torc.http.message.Ascii;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.StringJoiner;

/// RFC 9110 12.4.2.
class QualityListTest {
    private static final byte[] ACCEPT = Ascii.bytes("accept");

    private static String read(String... lines) {
        QualityList list = new QualityList();
        StringJoiner members = new StringJoiner(" ");
        try (SentFields sent = SentFields.of(lines)) {
            for (list.begin(sent.fields(), ACCEPT); list.next(); ) {
                int length = (int) (list.end() - list.start());
                members.add(Ascii.text(list.start(), length) + "=" + list.quality());
            }
            assertFalse(list.next());
        }
        return members.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a | a=1000",
                "a,b | a=1000 b=1000",
                " a , b\t,,c | a=1000 b=1000 c=1000",
                "a;q=0.5 | a=500",
                "a ; q=0.5 , b | a=500 b=1000",
                "a;Q=0.123 | a=123",
                "a;q=1, b;q=1., c;q=1.0, d;q=1.000 | a=1000 b=1000 c=1000 d=1000",
                "a;q=0, b;q=0., c;q=0.0, d;q=0.000 | a=0 b=0 c=0 d=0",
                "a;q=0.001 | a=1",
                "a;x=1;q=0.2;y=2 | a=200",
                "a;q=0.2;q=0.3 | a=200",
                "a; q=0.2 | a=200",
                "a;qq=0.2 | a=1000",
                "a;x=\"q=0.1,b;q=0.2\";q=0.3, c | a=300 c=1000",
                "a;x=\"\\\",b\" , c | a=1000 c=1000",
                "*/*;q=0.8 | */*=800",
                "text/html;level=1 | text/html=1000",
                ";q=1, a | a=1000",
                ", , | ``",
                "`` | ``"
            })
    void findsMembersAndWeights(String value, String members) {
        assertEquals(members, read("Accept: " + value));
    }

    @ParameterizedTest
    @CsvSource({
        "q=",
        "q=2",
        "q=1.1",
        "q=1.001",
        "q=0.1234",
        "q=.5",
        "q=-1",
        "q=+1",
        "q=00",
        "q=0.x",
        "q=x",
        "q=0 1",
        "q= 1",
        "q=1.0000",
        "q=\"1\"",
        "q=0_5",
        "q=11"
    })
    void passesOverAMalformedWeight(String weight) {
        assertEquals("b=1000", read("Accept: a;" + weight + ", b"));
    }

    @Test
    void readsAllLinesOfItsName() {
        assertEquals(
                "a=1000 b=500 c=1000",
                read("Accept: a", "Accept-Encoding: x", "ACCEPT: b;q=0.5", "accept:", "Accept: c"));
        assertEquals("", read("Host: a"));
    }

    @Test
    void takesOnePassOverWhatIsVeryLong() {
        assertEquals("", read("Accept: " + ",".repeat(500_000)));
        assertEquals("a=1000", read("Accept: a" + ";".repeat(500_000)));
        assertEquals("a=1000", read("Accept: a;x=\"" + "\\\"".repeat(250_000)));
    }

    @Test
    void allocatesNothing() {
        QualityList list = new QualityList();
        try (SentFields sent = SentFields.of("Accept: a;q=0.5, b", "Accept: c")) {
            long bytes =
                    AllocatedBytes.steady(
                            () -> {
                                for (int i = 0; i < 20_000; i++) {
                                    list.begin(sent.fields(), ACCEPT);
                                    while (list.next()) assert list.quality() > 0;
                                }
                            });
            assertEquals(0, bytes);
        }
    }
}
