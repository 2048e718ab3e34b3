package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

class JsonListingTest {
    public record Entry(
            String name, String href, String type, @Nullable Long size, String modified) {}

    public record Listing(List<String> path, boolean complete, List<Entry> entries) {}

    private static Listing read(DirectoryListing listing) {
        String json = Listings.render(listing, ListingFormat.JSON);
        return Objects.requireNonNull(new JsonMapper().readValue(json, Listing.class));
    }

    @Test
    void tellsProgramsWhatThereIs() {
        Listing listing = read(Listings.of(Listings.file("a b", 7), Listings.directory("d")));
        assertEquals(List.of("music", "live"), listing.path());
        assertTrue(listing.complete());
        assertEquals(
                List.of(
                        new Entry("d", "d/", "directory", null, "2026-09-21T14:13:20Z"),
                        new Entry("a b", "a%20b", "file", 7L, "2026-09-21T14:13:20Z")),
                listing.entries());
        assertEquals(List.of(), read(Listings.of()).entries());
    }

    @Test
    void carriesAnyName() {
        Listing listing = read(Listings.named(Listings.HOSTILE));
        List<String> names = new ArrayList<>();
        for (Entry entry : listing.entries()) {
            if (entry.type().equals("directory")) names.add(entry.name());
        }
        List<String> expected = new ArrayList<>(Listings.HOSTILE);
        Collections.sort(expected);
        Collections.sort(names);
        assertEquals(expected, names);
        assertEquals(Listings.HOSTILE, listing.path());
    }

    @Test
    void isHarmlessWithinAPage() {
        String json = Listings.render(Listings.named(Listings.HOSTILE), ListingFormat.JSON);
        for (String text : new String[] {"<", ">", "&", "'", "\u2028", "\u202e", "\u001b"}) {
            assertTrue(!json.contains(text), text);
        }
    }
}
