package dev.torc.http.file;

/// One line of a directory listing. Immutable.
final class ListingEntry {
    private static final long SECONDS_MAX = 253_402_300_799L; // 9999-12-31T23:59:59Z

    private final byte[] name;
    private final boolean isDirectory;
    private final long sizeBytes;
    private final long modifiedSeconds;
    private final String shownName;

    private ListingEntry(byte[] name, boolean isDirectory, long sizeBytes, long modifiedSeconds) {
        this.name = name;
        this.isDirectory = isDirectory;
        this.sizeBytes = sizeBytes;
        this.modifiedSeconds = Math.clamp(modifiedSeconds, -SECONDS_MAX, SECONDS_MAX);
        this.shownName = ShownName.onPage(name);
    }

    /// A file; its time is in seconds since 1970.
    static ListingEntry file(byte[] name, long sizeBytes, long modifiedSeconds) {
        return new ListingEntry(name, false, sizeBytes, modifiedSeconds);
    }

    /// A directory, or a link to one.
    static ListingEntry directory(byte[] name, long modifiedSeconds) {
        return new ListingEntry(name, true, 0, modifiedSeconds);
    }

    /// As the file system has it. The array is shared: only to be read.
    byte[] name() {
        return name;
    }

    /// As people see it on a page.
    String shownName() {
        return shownName;
    }

    boolean isDirectory() {
        return isDirectory;
    }

    /// Of a file.
    long sizeBytes() {
        return sizeBytes;
    }

    /// Seconds since 1970.
    long modifiedSeconds() {
        return modifiedSeconds;
    }

    /// The relative reference to it (RFC 3986 4.2), which the router would refuse if the name is
    /// not UTF-8.
    String reference() {
        StringBuilder reference = new StringBuilder(name.length + 1);
        PercentEncoding.append(name, reference);
        if (isDirectory) reference.append('/');
        return reference.toString();
    }
}
