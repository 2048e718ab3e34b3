package dev.torc.http.file;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/// What a directory has, as a page for people, JSON for programs or lines of text.
///
/// Names are hostile: each format escapes whatever its syntax knows, and shows what is not
/// printable as something that is. Links are relative, so it does not matter where the root is
/// routed.
///
/// Immutable. Rendering allocates some 500 bytes an entry and takes some milliseconds for thousands
/// of them: nothing for a shard's thread, which must not read a directory anyway.
final class DirectoryListing {
    private static final Comparator<ListingEntry> ORDER =
            Comparator.comparing((ListingEntry entry) -> !entry.isDirectory())
                    .thenComparing(ListingEntry::shownName, NaturalOrder.INSTANCE);

    private final String rootName;
    private final List<byte[]> path;
    private final List<ListingEntry> entries;
    private final boolean complete;

    /// @param rootName what people are to see in place of the root: `files`, or a host's name
    /// @param path the names of the directories from below the root down to this one
    /// @param complete whether these are all; else it is said that there are more
    DirectoryListing(
            String rootName, List<byte[]> path, List<ListingEntry> entries, boolean complete) {
        this.rootName = rootName;
        this.path = List.copyOf(path);
        this.entries = entries.stream().sorted(ORDER).toList();
        this.complete = complete;
    }

    /// All of it, in this format and in UTF-8.
    byte[] render(ListingFormat format) {
        String text =
                switch (format) {
                    case HTML -> HtmlListing.render(this);
                    case JSON -> JsonListing.render(this);
                    case TEXT -> TextListing.render(this);
                };
        return text.getBytes(StandardCharsets.UTF_8);
    }

    String rootName() {
        return rootName;
    }

    List<byte[]> path() {
        return path;
    }

    boolean isRoot() {
        return path.isEmpty();
    }

    /// Directories first, then by name.
    List<ListingEntry> entries() {
        return entries;
    }

    boolean isComplete() {
        return complete;
    }
}
