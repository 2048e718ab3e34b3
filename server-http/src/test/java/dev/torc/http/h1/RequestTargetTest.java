package dev.torc.http.h1;

import static dev.torc.http.h1.Heads.accepted;
import static dev.torc.http.h1.Heads.host;
import static dev.torc.http.h1.Heads.range;
import static dev.torc.http.h1.Heads.refused;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.message.Fenced;
import dev.torc.http.message.RequestHead;
import dev.torc.http.message.TargetForm;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;

class RequestTargetTest {
    @Test
    void splitsTheTargetIntoPathAndQuery() {
        target("/", "/", null);
        target("/?", "/", "");
        target("/a/b;c=d/%41%2f?x=/?&y=%20", "/a/b;c=d/%41%2f", "x=/?&y=%20");
        target("//user@host/path:1", "//user@host/path:1", null);
        target("/-._~!$&'()*+,;=:@", "/-._~!$&'()*+,;=:@", null);
    }

    @Test
    void refusesCharactersThatNoUriHas() {
        for (char character :
                "\"#<>[\\]^`{|}\u0000\u0001\u001f\u007f\u0080\u00e9\u00ff\r\n\t".toCharArray()) {
            refused(400, "GET /a" + character + "b HTTP/1.1\r\nHost: a\r\n\r\n");
            refused(400, "GET /abcdefgh?" + character + " HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        for (String target :
                List.of(
                        "/%",
                        "/%4", "/%zz", "/%4z", "/%%41", "/?%", "/?%g0", "a", "../a", "?a",
                        "http:/a", "*a")) {
            refused(400, "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
        }
    }

    @Test
    void takesThePathAndTheHostOutOfAnAbsoluteTarget() {
        String text = "GET HTTP://Example.com:80/a?b HTTP/1.1\r\nHost: other\r\n\r\n";
        RequestHead head = accepted(text);
        assertEquals(TargetForm.ABSOLUTE, head.form());
        try (Fenced moved = Fenced.of(text)) {
            head.moveTo(moved.address());
            assertEquals("/a", head.path());
            assertEquals("b", range(head, head.queryStart(), head.queryEnd()));
            assertEquals("Example.com:80", host(head));
        }
        assertTrue(accepted("GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n").isHttps());
        target("http://a", "/", null);
        target("https://a?b", "/", "b");
    }

    @Test
    void refusesAnAbsoluteTargetThatNamesNoHttpResource() {
        for (String target :
                List.of(
                        "http://",
                        "http:///x",
                        "http://user@a/",
                        "http://a:b/",
                        "ftp://a/",
                        "http://a/#f",
                        "http://a/%",
                        "http://a/%4",
                        "http://a/%zz",
                        "http://a?[",
                        "http:a",
                        "http://a:99999/",
                        "http://[::1/")) {
            refused(400, "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
        }
    }

    @Test
    void allowsAsteriskAndAuthorityOnlyToTheirMethods() {
        RequestHead options = accepted("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals(TargetForm.ASTERISK, options.form());
        RequestHead connect = accepted("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n");
        assertEquals(TargetForm.AUTHORITY, connect.form());
        refused(400, "GET * HTTP/1.1\r\nHost: a\r\n\r\n");
        refused(400, "OPTIONS ** HTTP/1.1\r\nHost: a\r\n\r\n");
        refused(400, "GET a.example:443 HTTP/1.1\r\nHost: a\r\n\r\n");
        refused(400, "CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n");
        refused(400, "CONNECT a.example HTTP/1.1\r\nHost: a\r\n\r\n");
        refused(400, "CONNECT http://a:1/ HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    private static void target(String target, String path, @Nullable String query) {
        String text = "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
        RequestHead head = accepted(text);
        try (Fenced moved = Fenced.of(text)) {
            head.moveTo(moved.address());
            assertEquals(target, range(head, head.targetStart(), head.targetEnd()));
            assertEquals(path, head.path());
            assertEquals(query != null, head.hasQuery());
            if (query != null) assertEquals(query, range(head, head.queryStart(), head.queryEnd()));
        }
    }
}
