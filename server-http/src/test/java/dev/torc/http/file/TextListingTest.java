package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TextListingTest {
    @Test
    void hasALineForEachEntry() {
        String expected =
                """
                2026-09-21T14:13:20Z              -  live/
                2026-09-21T14:13:20Z           4096  a b.txt
                2026-09-21T14:13:20Z 9223372036854775807  big
                """;
        DirectoryListing listing =
                Listings.of(
                        Listings.file("a b.txt", 4096),
                        Listings.file("big", Long.MAX_VALUE),
                        Listings.directory("live"));
        assertEquals(expected, Listings.render(listing, ListingFormat.TEXT));
    }

    @Test
    void saysNothingToATerminal() {
        String text = Listings.render(Listings.named(Listings.HOSTILE), ListingFormat.TEXT);
        assertEquals(2 * Listings.HOSTILE.size() + 1, text.lines().count());
        assertTrue(text.codePoints().allMatch(c -> c == '\n' || !ShownName.isControl(c)));
        assertTrue(text.contains("a b\\x09c\\x0ad\\x0d\\x0ae\n"));
        assertTrue(text.contains("<\\xff>\n"));
    }
}
