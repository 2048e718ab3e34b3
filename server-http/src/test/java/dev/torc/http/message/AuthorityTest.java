package dev.torc.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AuthorityTest {
    @Test
    void acceptsNamesAndIpv4Addresses() {
        accepts("a", "example.com", "EXAMPLE.com.", "my_host", "192.0.2.1", "127.0.0.1:8080");
        accepts("ex%41mple.com", "a,b;c=d!$&'()*+~", "%20", "xn--nxasmq6b");
    }

    @Test
    void acceptsPortsUpTo65535AndTheEmptyOne() {
        accepts("a:", "a:0", "a:80", "a:65535", "a:00080");
        refuses("a:65536", "a:99999999999999999999", "a:8a", "a:-1", "a:80:80", "a: 80", "a:80 ");
    }

    @Test
    void acceptsIpv6AddressesInBrackets() {
        accepts(
                "[::]",
                "[::1]",
                "[1::]",
                "[1:2:3:4:5:6:7:8]",
                "[::2:3:4:5:6:7:8]",
                "[1:2:3:4:5:6:7::]");
        accepts("[2001:DB8::1]:443", "[::ffff:192.0.2.1]", "[1:2:3:4:5:6:192.0.2.1]", "[fe80::1]:");
    }

    @Test
    void refusesWhatOnlyLooksLikeIpv6() {
        refuses("::1", "[", "[]", "[:]", "[:::]", "[1]", "[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]");
        refuses("[1::2::3]", "[1:2:3:4:5:6:7:8::]", "[12345::]", "[g::]", "[::1", "[::1]x", "[1:]");
        refuses("[:1]", "[1:2:3:4:5:6:7:1.2.3.4]", "[::1.2.3]", "[::1.2.3.256]", "[::01.2.3.4]");
        refuses("[::1.2.3.4:5]", "[fe80::1%25eth0]", "[v1.x]", "[::1.2.3.4.5]", "[::1.2.3.]");
    }

    @Test
    void refusesEverythingThatIsNoHost() {
        refuses(
                "",
                ":80",
                "a b",
                "a/b",
                "a?b",
                "a#b",
                "user@a",
                "http://a",
                "<a>",
                "\"a\"",
                "a\\b");
        refuses("%", "a%4", "a%zz", "\u00e9", "a\u0000b", "a\tb", "a^b", "[::1]:x");
    }

    @Test
    void demandsAPortOnlyWhereConnectDoes() {
        assertEquals(true, isValidWithPort("example.com:443"));
        assertEquals(true, isValidWithPort("[::1]:443"));
        assertEquals(false, isValidWithPort("example.com"));
        assertEquals(false, isValidWithPort("example.com:"));
        assertEquals(false, isValidWithPort(":443"));
        assertEquals(false, isValidWithPort("/"));
        assertEquals(false, isValidWithPort(""));
    }

    private static boolean isValidWithPort(String text) {
        try (Fenced input = Fenced.of(text)) {
            return Authority.isValidWithPort(input.address(), input.end());
        }
    }

    private static void accepts(String... texts) {
        for (String text : texts) check(text, true);
    }

    private static void refuses(String... texts) {
        for (String text : texts) check(text, false);
    }

    private static void check(String text, boolean expected) {
        try (Fenced input = Fenced.of(text)) {
            assertEquals(expected, Authority.isValid(input.address(), input.end()), text);
        }
    }
}
