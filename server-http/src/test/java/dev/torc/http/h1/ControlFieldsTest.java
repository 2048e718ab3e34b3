package dev.torc.http.h1;

import static dev.torc.http.h1.Heads.accepted;
import static dev.torc.http.h1.Heads.acceptedField;
import static dev.torc.http.h1.Heads.refused;
import static dev.torc.http.h1.Heads.refusedField;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;

class ControlFieldsTest {
    @Test
    void demandsExactlyOneValidHost() {
        refused(400, "GET / HTTP/1.1\r\n\r\n");
        refused(400, "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n");
        refused(400, "GET / HTTP/1.0\r\nHost: a\r\nhost: a\r\n\r\n");
        refused(400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n");
        refused(400, "GET http://a/ HTTP/1.1\r\n\r\n");
        refused(400, "GET http://a/ HTTP/1.1\r\nHost: <\r\n\r\n");
        assertEquals(0, accepted("GET / HTTP/1.0\r\n\r\n").hostLength());
    }

    @Test
    void allowsAnEmptyHostOnlyBesideAnotherAuthority() {
        refused(400, "GET / HTTP/1.1\r\nHost:\r\n\r\n");
        refused(400, "GET / HTTP/1.0\r\nHost: \r\n\r\n");
        refused(400, "OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n");
        assertEquals(1, accepted("GET http://b/ HTTP/1.1\r\nHost:\r\n\r\n").hostLength());
    }

    @Test
    void readsOneContentLengthOfPlainDigits() {
        assertEquals(-1, acceptedField("X: y").contentLength());
        assertEquals(0, acceptedField("Content-Length: 0").contentLength());
        assertEquals(42, acceptedField("content-LENGTH:\t0042 ").contentLength());
        assertEquals(
                Long.MAX_VALUE, acceptedField("Content-Length: " + Long.MAX_VALUE).contentLength());
        for (String value :
                List.of(
                        "",
                        "+5",
                        "-5",
                        "5,5",
                        "5, 5",
                        "5;",
                        "0x5",
                        "5 5",
                        "5.0",
                        "\"5\"",
                        "\u00b2",
                        "9223372036854775808",
                        "18446744073709551621",
                        "99999999999999999999999999")) {
            refusedField(400, "Content-Length: " + value);
        }
        refusedField(400, "Content-Length: 5\r\nContent-Length: 5");
    }

    @Test
    void readsChunkedOnceAndAlone() {
        assertTrue(acceptedField("Transfer-Encoding: chunked").isChunked());
        assertTrue(acceptedField("transfer-encoding: \tCHUNKED ").isChunked());
        for (String value :
                List.of("gzip", "identity", "xchunked", "chunk", "gzip, chunked", "cow chunked")) {
            refusedField(501, "Transfer-Encoding: " + value);
        }
        for (String value :
                List.of(
                        "",
                        "chunked, chunked",
                        "chunked, gzip",
                        "chunked;q=1",
                        "chunked,",
                        ", chunked",
                        "\"chunked\"")) {
            refusedField(400, "Transfer-Encoding: " + value);
        }
        refusedField(400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked");
        refusedField(400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip");
        refusedField(400, "Transfer-Encoding: chunked\r\nContent-Length: 5");
        refusedField(400, "Content-Length: 5\r\nTransfer-Encoding: chunked");
        refused(400, "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    @Test
    void decidesWhetherTheConnectionPersists() {
        assertTrue(acceptedField("Connection: upgrade").isKeepAlive());
        assertTrue(acceptedField("Connection: closed").isKeepAlive());
        assertTrue(acceptedField("Proxy-Connection: close").isKeepAlive());
        assertTrue(acceptedField("Connection:").isKeepAlive());
        assertFalse(acceptedField("Connection: CLOSE").isKeepAlive());
        assertFalse(acceptedField("Connection: x, ,close\t,y").isKeepAlive());
        assertFalse(acceptedField("Connection: keep-alive\r\nConnection: close").isKeepAlive());
        assertFalse(accepted("GET / HTTP/1.0\r\n\r\n").isKeepAlive());
        assertTrue(accepted("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").isKeepAlive());
        assertTrue(accepted("GET / HTTP/1.0\r\nConnection: x,Keep-Alive\r\n\r\n").isKeepAlive());
        assertFalse(
                accepted("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n").isKeepAlive());
        refusedField(400, "Connection: a b");
        refusedField(400, "Connection: close;");
        refusedField(400, "Connection: \"close\"");
    }

    @Test
    void flagsExpectations() {
        assertTrue(acceptedField("Expect: 100-Continue").expectsContinue());
        assertFalse(acceptedField("Expect: 100-Continue").hasUnknownExpectation());
        assertTrue(acceptedField("Expect: magic").hasUnknownExpectation());
        assertTrue(acceptedField("Expect: 100-continue, magic").hasUnknownExpectation());
        assertFalse(accepted("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n").expectsContinue());
    }
}
