package dev.torc.http.file;

import dev.torc.http.MimeTypes;
import dev.torc.http.message.Resource;

import java.util.List;

/// A directory as a page that needs nothing else: it is read, and can be followed, without scripts;
/// with them it is sorted, filtered, used from the keyboard, and shows local time. No style or
/// script is allowed but the page's own two, by their hashes, whatever a name contains.
///
/// Follows the reader's colour scheme. Rows out of sight are not laid out, so 10,000 are as quick
/// as 100.
final class HtmlListing {
    private static final String STYLE = Resource.text(HtmlListing.class, "listing.css");
    private static final String SCRIPT = Resource.text(HtmlListing.class, "listing.js");

    // Written down, since a digest would cost every start what its providers take to load. The test
    // says what they have to be.
    private static final String STYLE_HASH =
            "'sha256-148bjNFdprnopRacdFpkbggkkYmiSMKA5vbKo5TRNLA='";
    private static final String SCRIPT_HASH =
            "'sha256-GEKYeSQYANKRUYZbFE6e647tfxz0VrcSFe9nMKrITE8='";

    private HtmlListing() {}

    /// The value of `Content-Security-Policy` for the page (CSP Level 3).
    static String contentSecurityPolicy() {
        return "default-src 'none'; style-src "
                + STYLE_HASH
                + "; script-src "
                + SCRIPT_HASH
                + "; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
    }

    static String render(DirectoryListing listing) {
        StringBuilder page = new StringBuilder(STYLE.length() + SCRIPT.length() + 1000);
        page.append(
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>");
        escape(title(listing), page);
        page.append(
                """
                </title>
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                """);
        page.append("<style>").append(STYLE).append("</style>\n</head>\n<body>\n<header>\n");
        appendCrumbs(listing, page);
        page.append(
                """
                <div class="filter"><input id="filter" type="search" placeholder="Filter" \
                aria-label="Filter by name" autocomplete="off" autocapitalize="off" \
                spellcheck="false"><kbd>/</kbd></div>
                <p id="summary" role="status">\
                """);
        page.append(summary(listing)).append("</p>\n</header>\n<main>\n");
        appendTable(listing, page);
        page.append("<script>").append(SCRIPT).append("</script>\n</body>\n</html>\n");
        return page.toString();
    }

    private static String title(DirectoryListing listing) {
        StringBuilder title = new StringBuilder("/");
        for (byte[] name : listing.path()) title.append(ShownName.onPage(name)).append('/');
        return title.append(" – ").append(listing.rootName()).toString();
    }

    /// From the root down: each name links to its directory, by as many steps up as are below it.
    private static void appendCrumbs(DirectoryListing listing, StringBuilder page) {
        List<byte[]> path = listing.path();
        page.append("<nav aria-label=\"Path\"><ol>\n");
        for (int depth = 0; depth <= path.size(); depth++) {
            int below = path.size() - depth;
            page.append("<li><a href=\"").append(below == 0 ? "./" : "../".repeat(below));
            page.append(below == 0 ? "\" aria-current=\"page\"><bdi>" : "\"><bdi>");
            escape(depth == 0 ? listing.rootName() : ShownName.onPage(path.get(depth - 1)), page);
            page.append("</bdi></a></li>\n");
        }
        page.append("</ol></nav>\n");
    }

    private static String summary(DirectoryListing listing) {
        long directories = listing.entries().stream().filter(ListingEntry::isDirectory).count();
        long files = listing.entries().size() - directories;
        long bytes =
                listing.entries().stream()
                        .mapToLong(ListingEntry::sizeBytes)
                        .reduce(0, (sum, size) -> sum + Math.min(size, Long.MAX_VALUE - sum));
        if (directories + files == 0) return "Nothing here";
        String counts = "";
        if (directories > 0) counts = count(directories, "folder") + (files > 0 ? ", " : "");
        if (files > 0) counts += count(files, "file") + ", " + ByteSize.text(bytes);
        return listing.isComplete() ? counts : "Only the first " + counts + " are shown";
    }

    private static String count(long number, String noun) {
        return number == 1 ? "1 " + noun : number + " " + noun + "s";
    }

    private static void appendTable(DirectoryListing listing, StringBuilder page) {
        page.append(
                """
                <table role="table"><thead role="rowgroup"><tr role="row">\
                <th role="columnheader" data-key="name"><button type="button">Name</button></th>\
                <th role="columnheader" data-key="size"><button type="button">Size</button></th>\
                <th role="columnheader" data-key="time"><button type="button">Modified\
                <small>UTC</small></button></th>\
                </tr></thead>
                """);
        if (!listing.isRoot()) {
            page.append(
                    """
                    <tbody role="rowgroup"><tr role="row" class="u"><td role="cell">\
                    <a id="up" href="../">Parent folder</a></td></tr></tbody>
                    """);
        }
        page.append("<tbody role=\"rowgroup\" id=\"list\">\n");
        for (ListingEntry entry : listing.entries()) appendRow(entry, page);
        page.append("</tbody></table>\n<p id=\"none\" hidden>Nothing matches.</p>\n</main>\n");
        page.append(
                """
                <footer><span><kbd>/</kbd> filter</span><span><kbd>↑</kbd> <kbd>↓</kbd> move\
                </span><span><kbd>↵</kbd> open</span><span><kbd>⌫</kbd> parent folder</span>\
                </footer>
                """);
    }

    /// Attributes go without quotes where their values cannot need them, and `td` without an end:
    /// rows are what pages are long of.
    private static void appendRow(ListingEntry entry, StringBuilder page) {
        page.append("<tr role=row class=").append(kind(entry)).append(" data-t=");
        page.append(entry.modifiedSeconds());
        if (!entry.isDirectory()) page.append(" data-s=").append(entry.sizeBytes());
        page.append("><td role=cell>");
        boolean linked = ShownName.isUtf8(entry.name());
        if (linked) page.append("<a href=\"").append(entry.reference()).append("\"><bdi>");
        else page.append("<a title=\"This name is not UTF-8: it cannot be opened.\"><bdi>");
        escape(entry.shownName(), page);
        page.append("</bdi></a><td role=cell>");
        page.append(entry.isDirectory() ? "–" : ByteSize.text(entry.sizeBytes()));
        page.append("<td role=cell>").append(UtcTime.minutes(entry.modifiedSeconds()));
        page.append("\n");
    }

    /// The class of a row, for its icon.
    private static String kind(ListingEntry entry) {
        if (entry.isDirectory()) return "d";
        String type = MimeTypes.defaults().forName(entry.shownName()).essence();
        int slash = type.indexOf('/');
        return switch (type.substring(0, slash)) {
            case "image" -> "i";
            case "audio" -> "a";
            case "video" -> "v";
            case "text" -> "t";
            case "font" -> "f";
            default -> kindOfApplication(type.substring(slash + 1));
        };
    }

    private static String kindOfApplication(String subtype) {
        return switch (subtype) {
            case "zip",
                    "gzip",
                    "zstd",
                    "x-tar",
                    "x-xz",
                    "x-bzip2",
                    "x-7z-compressed",
                    "vnd.rar",
                    "lzip",
                    "x-lz4",
                    "java-archive",
                    "vnd.debian.binary-package",
                    "x-rpm" ->
                    "z";
            case "json", "xml", "yaml", "toml", "sql", "pdf", "epub+zip" -> "t";
            default -> subtype.endsWith("+json") || subtype.endsWith("+xml") ? "t" : "o";
        };
    }

    /// Escapes for text and for values of attributes in quotes of either kind.
    private static void escape(String text, StringBuilder page) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> page.append("&amp;");
                case '<' -> page.append("&lt;");
                case '>' -> page.append("&gt;");
                case '"' -> page.append("&quot;");
                case '\'' -> page.append("&#39;");
                default -> page.append(c);
            }
        }
    }
}
