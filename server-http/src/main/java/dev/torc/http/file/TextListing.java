package dev.torc.http.file;

/// A directory as lines of text: time, size in bytes (`-` for a directory) and name, in columns. A
/// directory's name ends in a slash. What could speak to a terminal is written as `\xNN`.
final class TextListing {
    private static final int SIZE_COLUMNS = 15;

    private TextListing() {}

    static String render(DirectoryListing listing) {
        StringBuilder text = new StringBuilder();
        for (ListingEntry entry : listing.entries()) {
            String size = entry.isDirectory() ? "-" : Long.toString(entry.sizeBytes());
            text.append(UtcTime.seconds(entry.modifiedSeconds()))
                    .append(" ".repeat(Math.max(1, SIZE_COLUMNS - size.length())))
                    .append(size)
                    .append("  ")
                    .append(ShownName.inLine(entry.name()))
                    .append(entry.isDirectory() ? "/\n" : "\n");
        }
        if (!listing.isComplete()) text.append("... and more\n");
        return text.toString();
    }
}
