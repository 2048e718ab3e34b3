package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 9110 12.5.1.
class AcceptedFormatTest {
    private static ListingFormat choose(String... lines) {
        try (SentFields sent = SentFields.of(lines)) {
            return AcceptedFormat.choose(sent.fields());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8 | HTML",
                "*/* | HTML",
                "text/* | HTML",
                "application/json | JSON",
                "APPLICATION/JSON; charset=utf-8 | JSON",
                "application/* | JSON",
                "application/json, text/plain, */* | JSON",
                "text/plain, application/json, */* | JSON",
                "text/plain | TEXT",
                "text/plain, */* | TEXT",
                "text/plain, text/* | TEXT",
                "text/plain;q=0.9, */*;q=0.8 | TEXT",
                "text/plain;q=0.5, */* | HTML",
                "text/html;q=0.5, application/json;q=0.6 | JSON",
                "text/html;q=0, */* | JSON",
                "text/html;q=0, application/json;q=0, */* | TEXT",
                "text/html;q=0, text/* | TEXT",
                "*/*, text/html;q=0.1, application/json;q=0.5, text/plain;q=0.2 | JSON",
                "text/html;q=0.1, application/json;q=0.5, text/plain;q=0.2, */* | JSON",
                "*/*;q=0 | HTML",
                "image/png | HTML",
                "`` | HTML",
                "json | HTML",
                "application/json;q=x, text/plain;q=0.1 | TEXT"
            })
    void isWhatIsAskedForMost(String accept, ListingFormat format) {
        assertEquals(format, choose("Host: a", "Accept: " + accept));
    }

    @Test
    void isAPageIfNothingIsAskedFor() {
        assertEquals(ListingFormat.HTML, choose("Host: a"));
    }

    @Test
    void readsAllLines() {
        assertEquals(
                ListingFormat.JSON, choose("Accept: text/html;q=0.5", "Accept: application/json"));
    }
}
