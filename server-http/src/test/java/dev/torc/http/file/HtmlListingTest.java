package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class HtmlListingTest {
    private static final Pattern TAG = Pattern.compile("<[^>]*>");
    private static final Pattern LINK = Pattern.compile(" (href|title)=\"[^\"]*\"");
    private static final Pattern HREF = Pattern.compile(" href=\"([^\"]*)\"");

    private static String page(DirectoryListing listing) {
        return Listings.render(listing, ListingFormat.HTML);
    }

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }

    /// The tags behind the style and before the script, without where links lead, or that they do
    /// not.
    private static List<String> tags(String page) {
        List<String> tags = new ArrayList<>();
        Matcher tag = TAG.matcher(between(page, "</style>", "<script>"));
        while (tag.find()) tags.add(LINK.matcher(tag.group()).replaceAll(""));
        return tags;
    }

    private static List<String> references(String page) {
        List<String> references = new ArrayList<>();
        Matcher reference = HREF.matcher(page);
        while (reference.find()) references.add(reference.group(1));
        return references;
    }

    @Test
    void linksToWhatThereIs() {
        String page = page(Listings.of(Listings.file("a b.txt", 1536), Listings.directory("d")));
        assertEquals(List.of("../../", "../", "./", "../", "d/", "a%20b.txt"), references(page));
        assertTrue(page.contains("<bdi>a b.txt</bdi></a><td role=cell>1.5 KiB<td role=cell>"));
        assertTrue(page.contains("<td role=cell>2026-09-21 14:13\n"));
        assertTrue(page.contains("<title>/music/live/ – files</title>"));
        assertTrue(page.contains(">1 folder, 1 file, 1.5 KiB</p>"));
    }

    @Test
    void theRootHasNoParent() {
        String page =
                page(
                        new DirectoryListing(
                                "files", List.of(), List.of(Listings.directory("d")), true));
        assertEquals(List.of("./", "d/"), references(page));
        assertTrue(page.contains("<title>/ – files</title>"));
        assertTrue(page.contains(">1 folder</p>"));
        assertTrue(page(Listings.of()).contains(">Nothing here</p>"));
    }

    @Test
    void sparseFilesDoNotAddUpToLessThanNothing() {
        ListingEntry most = Listings.file("sparse", Long.MAX_VALUE);
        assertTrue(page(Listings.of(most, most)).contains(">2 files, 8.0 EiB</p>"));
    }

    /// Names change neither the tags nor, beyond links, their attributes.
    @Test
    void whateverTheNamesThePageIsTheSame() {
        List<String> harmless = new ArrayList<>();
        for (int i = 0; i < Listings.HOSTILE.size(); i++) harmless.add("x");
        String page = page(Listings.named(Listings.HOSTILE));
        List<String> expected = tags(page(Listings.named(harmless)));
        List<String> found = tags(page);
        // Only the icons may differ, which tell what a name's extension is.
        expected.replaceAll(tag -> tag.replaceFirst("class=\\w", "class=?"));
        found.replaceAll(tag -> tag.replaceFirst("class=\\w", "class=?"));
        assertEquals(expected, found);
        assertFalse(page.contains("alert(1)>"));
        assertFalse(page.contains("\u202e"));
    }

    @Test
    void whateverTheBytesThePageIsTheSame() {
        long seed = Seed.next();
        Random random = new Random(seed);
        int tags = tags(page(Listings.of(Listings.file("a", 1)))).size();
        for (int round = 0; round < 2000; round++) {
            byte[] name = new byte[1 + random.nextInt(30)];
            for (int i = 0; i < name.length; i++) {
                name[i] = (byte) "<>&\"'/!- =a".charAt(random.nextInt(11));
                if (random.nextInt(4) == 0) name[i] = (byte) random.nextInt();
            }
            String page = page(Listings.of(ListingEntry.file(name, 1, 0)));
            assertEquals(tags, tags(page).size(), "seed=" + seed + ", round=" + round);
        }
    }

    /// The router refuses paths that are not UTF-8, so a link would lead nowhere.
    @Test
    void doesNotLinkWhatCannotBeAskedFor() {
        byte[] name = {'a', (byte) 0xff};
        String page = page(Listings.of(ListingEntry.file(name, 1, 0)));
        assertTrue(page.contains("<bdi>a\ufffd</bdi>"));
        assertFalse(page.contains("a%FF"));
        assertTrue(page.contains("This name is not UTF-8"));
    }

    /// CSP Level 3: a hash is that of the text between the tags.
    @Test
    void allowsItsOwnStyleAndScriptAndNoOther() throws Exception {
        String page = page(Listings.of());
        String policy = HtmlListing.contentSecurityPolicy();
        for (String tag : List.of("style", "script")) {
            String text = between(page, "<" + tag + ">", "</" + tag + ">");
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            String hash = "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
            assertTrue(policy.contains(tag + "-src " + hash + ";"), policy);
        }
        assertTrue(policy.startsWith("default-src 'none'; "), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertFalse(page.contains("style="), "inline styles would be refused");
        assertFalse(Pattern.compile("\\son\\w+=").matcher(page).find(), "and so would handlers");
    }

    @Test
    void needsNothingElse() {
        String page = page(Listings.named(List.of("a")));
        assertFalse(page.contains("http:"), page);
        assertFalse(page.contains("https:"), page);
        assertFalse(page.contains("src="), page);
        assertFalse(page.contains("url("), page);
        assertFalse(page.contains("@import"), page);
    }

    @Test
    void tenThousandEntriesAreStillAPage() {
        List<ListingEntry> entries = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) entries.add(Listings.file("some-file-" + i + ".txt", i));
        Collections.shuffle(entries, new Random(1));
        byte[] page =
                new DirectoryListing("files", List.of(), entries, true).render(ListingFormat.HTML);
        assertTrue(page.length < 250 * entries.size(), "bytes=" + page.length);
        assertEquals(
                1 + entries.size(), references(new String(page, StandardCharsets.UTF_8)).size());
    }
}
