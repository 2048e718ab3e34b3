package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.http.Handler;
import dev.torc.http.TestServer;
import dev.torc.testkit.Network;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// The page of a listing in a browser.
class ListingPageTest {
    private static final @Nullable Path PROGRAM = Chromium.find();

    @TempDir private Path directory = Path.of("");

    @BeforeEach
    void needsABrowser() {
        assumeTrue(PROGRAM != null, "no Chromium on the PATH");
    }

    private Chromium.Shown open(String url) throws Exception {
        return new Chromium(Objects.requireNonNull(PROGRAM), directory).open(url);
    }

    @Test
    void worksUnderItsPolicyAndRunsNothingElse() throws Exception {
        byte[] page = Listings.named(Listings.HOSTILE).render(ListingFormat.HTML);
        Handler handler =
                (request, response) -> {
                    if (!request.rawPath().equals("/")) {
                        response.status(404).send();
                        return;
                    }
                    response.header("Content-Security-Policy", HtmlListing.contentSecurityPolicy());
                    response.contentType(ListingFormat.HTML.type());
                    response.send(page);
                };
        try (TestServer server = TestServer.start(Network.loopback("nio"), handler)) {
            Chromium.Shown shown = open("http://127.0.0.1:" + server.port() + "/");
            // set by the script
            assertTrue(shown.document().contains("aria-sort=\"ascending\""), shown.document());
            assertFalse(shown.log().contains("Content Security Policy"), shown.log());
            assertEquals(1, count(shown.document(), "<script"));
            assertEquals(1, count(shown.document(), "<style"));
            assertEquals(0, count(shown.document(), "<img"));
            assertEquals(0, count(shown.document(), "<svg"));
            assertEquals(2 * Listings.HOSTILE.size() + 3, count(shown.document(), "<tr "));
        }
    }

    @Test
    void isSortedFilteredAndUsedFromTheKeyboard() throws Exception {
        DirectoryListing listing =
                Listings.of(
                        Listings.file("track2.mp3", 300),
                        Listings.file("track10.mp3", 100),
                        Listings.file("Cover.jpg", 200),
                        Listings.directory("extras"));
        String page = Listings.render(listing, ListingFormat.HTML);
        Path file = directory.resolve("listing.html");
        Files.writeString(file, page.replace("</body>", "<script>" + USE + "</script></body>"));
        Chromium.Shown shown = open(file.toUri().toString());
        String expected =
                """
                start: extras Cover.jpg track2.mp3 track10.mp3
                by size: extras track2.mp3 Cover.jpg track10.mp3 descending
                by size: extras track10.mp3 Cover.jpg track2.mp3 ascending
                by name: extras Cover.jpg track2.mp3 track10.mp3 ascending
                slash: filter
                filtered: track2.mp3 track10.mp3 2 of 4 match
                down: track2.mp3
                down: track10.mp3
                down: track10.mp3
                up: track2.mp3
                up: filter
                no match: Nothing matches. false
                escape: extras Cover.jpg track2.mp3 track10.mp3 1 folder, 3 files, 600 B
                end: track10.mp3
                home: extras
                """;
        assertTrue(shown.document().contains("<pre id=\"told\">"), shown.log());
        int from = shown.document().indexOf("<pre id=\"told\">") + "<pre id=\"told\">".length();
        String told = shown.document().substring(from, shown.document().indexOf("</pre>", from));
        assertEquals(expected, told);
    }

    /// Does all at once, so that no frame has to be drawn in between.
    private static final String USE =
            """
            const told = [];
            window.requestAnimationFrame = apply => apply();
            const visible = () => [...document.querySelectorAll('#list tr:not([hidden]) bdi')]
                .map(name => name.textContent).join(' ');
            const press = key => document.activeElement.dispatchEvent(
                new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
            const focused = () => document.activeElement.id || document.activeElement.textContent;
            const head = key => document.querySelector(`th[data-key=${key}]`);
            const sort = key => {
              head(key).firstElementChild.click();
              told.push(`by ${key}: ${visible()} ${head(key).getAttribute('aria-sort')}`);
            };
            const type = text => {
              filter.value = text;
              filter.dispatchEvent(new Event('input'));
            };
            const use = () => {
              told.push('start: ' + visible());
              sort('size');
              sort('size');
              sort('name');
              press('/');
              told.push('slash: ' + focused());
              type(' MP3 track');
              told.push(`filtered: ${visible()} ${summary.textContent}`);
              for (const key of ['Down', 'Down', 'Down', 'Up', 'Up']) {
                press('Arrow' + key);
                told.push(`${key.toLowerCase()}: ${focused()}`);
              }
              type('nothing of this');
              told.push(`no match: ${visible()}${none.textContent} ${none.hidden}`);
              press('Escape');
              told.push(`escape: ${visible()} ${summary.textContent}`);
              press('Escape');
              press('End');
              told.push('end: ' + focused());
              press('Home');
              told.push('home: ' + focused());
            };
            try {
              use();
            } catch (failure) {
              told.push(failure);
            }
            const pre = document.createElement('pre');
            pre.id = 'told';
            pre.textContent = told.join('\\n') + '\\n';
            document.body.append(pre);
            """;

    private static int count(String text, String part) {
        return text.split(part, -1).length - 1;
    }
}
