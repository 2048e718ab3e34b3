package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.net.URI;

class ListingEntryTest {
    @Test
    void refersToItself() {
        assertEquals("a%20b.txt", Listings.file("a b.txt", 1).reference());
        assertEquals("a/", Listings.directory("a").reference());
        byte[] noText = {'a', (byte) 0xff};
        assertEquals("a%FF", ListingEntry.file(noText, 1, 0).reference());
    }

    /// Nothing a name can be makes it another host, scheme, query or directory.
    @Test
    void refersToNothingElse() {
        URI base = URI.create("http://host/dir/");
        for (String name : Listings.HOSTILE) {
            URI resolved = base.resolve(Listings.file(name, 1).reference());
            assertEquals("host", resolved.getHost(), name);
            assertEquals("/dir/" + name, resolved.getPath(), name);
            assertEquals(null, resolved.getQuery(), name);
            assertEquals(null, resolved.getFragment(), name);
        }
    }

    @Test
    void hasATimeThatCanBeWritten() {
        for (long seconds : new long[] {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE}) {
            ListingEntry entry = ListingEntry.file(Listings.bytes("a"), 1, seconds);
            String text = UtcTime.seconds(entry.modifiedSeconds());
            assertTrue(text.matches("-?\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ"), text);
        }
        assertEquals("2026-09-21T14:13:20Z", UtcTime.seconds(Listings.MODIFIED));
        assertEquals("2026-09-21 14:13", UtcTime.minutes(Listings.MODIFIED));
    }
}
