package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;

class DirectoryListingTest {
    @Test
    void hasDirectoriesFirstInNaturalOrder() {
        DirectoryListing listing =
                Listings.of(
                        Listings.file("a10", 1),
                        Listings.directory("z"),
                        Listings.file("A2", 1),
                        Listings.directory("Y"));
        assertEquals(
                List.of("Y", "z", "A2", "a10"),
                listing.entries().stream().map(ListingEntry::shownName).toList());
    }

    @ParameterizedTest
    @EnumSource
    void isRenderedInEachFormat(ListingFormat format) {
        String text = Listings.render(Listings.of(Listings.file("héllo.txt", 5)), format);
        assertTrue(text.contains("héllo.txt"), text);
        String empty = Listings.render(Listings.of(), format);
        assertTrue(empty.length() < text.length());
    }

    @ParameterizedTest
    @EnumSource
    void saysThatThereIsMore(ListingFormat format) {
        List<ListingEntry> some = List.of(Listings.file("a", 1));
        DirectoryListing part = new DirectoryListing("files", List.of(), some, false);
        DirectoryListing whole = new DirectoryListing("files", List.of(), some, true);
        String text = Listings.render(part, format);
        String mark =
                switch (format) {
                    case HTML -> "Only the first 1 file, 1 B are shown";
                    case JSON -> "\"complete\":false";
                    case TEXT -> "... and more\n";
                };
        assertTrue(text.contains(mark), text);
        assertTrue(!Listings.render(whole, format).contains(mark));
    }
}
