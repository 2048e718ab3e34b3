package dev.torc.http.file;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Directories for the tests of listings.
final class Listings {
    static final long MODIFIED = 1_790_000_000L; // 2026-09-21T14:13:20Z

    /// Names that mean something to a format.
    static final List<String> HOSTILE =
            List.of(
                    "<script>alert(1)</script>",
                    "<img src=x onerror=alert(1)>",
                    "\"><svg onload=alert(1)>",
                    "'onmouseover='alert(1)",
                    "</title></style></script><script>",
                    "<!--",
                    "]]>",
                    "&lt;b&gt;",
                    "&#60;",
                    "javascript:alert(1)",
                    "//example.com",
                    "?query#fragment",
                    "100%25",
                    "a b\tc\nd\r\ne",
                    "\u0000\u0007\u001b[31m\u007f\u0085",
                    "evil\u202egpj.exe",
                    "\u2028\u2029\ufeff",
                    "\",\"x\":\"",
                    "\\\"\\u0041\\",
                    "${x}{{x}}`x`",
                    "日本語 é 😀",
                    "שלום.txt");

    private Listings() {}

    static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    static List<byte[]> path(String... names) {
        List<byte[]> path = new ArrayList<>();
        for (String name : names) path.add(bytes(name));
        return path;
    }

    static ListingEntry file(String name, long size) {
        return ListingEntry.file(bytes(name), size, MODIFIED);
    }

    static ListingEntry directory(String name) {
        return ListingEntry.directory(bytes(name), MODIFIED);
    }

    static DirectoryListing of(ListingEntry... entries) {
        return new DirectoryListing("files", path("music", "live"), List.of(entries), true);
    }

    /// Directories and files of these names, in directories of these names.
    static DirectoryListing named(List<String> names) {
        List<ListingEntry> entries = new ArrayList<>();
        for (String name : names) {
            entries.add(file(name, 1));
            entries.add(directory(name));
        }
        entries.add(ListingEntry.file(new byte[] {'<', (byte) 0xff, '>'}, 1, MODIFIED));
        return new DirectoryListing(
                names.getFirst(), path(names.toArray(String[]::new)), entries, true);
    }

    static String render(DirectoryListing listing, ListingFormat format) {
        return new String(listing.render(format), StandardCharsets.UTF_8);
    }
}
