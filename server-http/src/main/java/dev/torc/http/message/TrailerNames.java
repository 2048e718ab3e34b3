package dev.torc.http.message;

import java.util.Locale;
import java.util.Set;

/// Which fields have no place behind a body (RFC 9110 section 6.5.1): what frames or routes a
/// message, modifies or authenticates a request, controls an answer, or says how to read its
/// content comes too late there. Conditions (`If-*`) and what concerns the connection (section
/// 7.6.1) have none either.
public final class TrailerNames {
    private static final Set<String> FORBIDDEN =
            Set.of(
                    "accept",
                    "accept-charset",
                    "accept-encoding",
                    "accept-language",
                    "age",
                    "authorization",
                    "cache-control",
                    "connection",
                    "content-encoding",
                    "content-length",
                    "content-range",
                    "content-type",
                    "cookie",
                    "date",
                    "expect",
                    "expires",
                    "forwarded",
                    "host",
                    "keep-alive",
                    "location",
                    "max-forwards",
                    "origin",
                    "pragma",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "proxy-connection",
                    "range",
                    "referer",
                    "retry-after",
                    "set-cookie",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "vary",
                    "via",
                    "warning",
                    "www-authenticate",
                    "x-forwarded-for",
                    "x-forwarded-host",
                    "x-forwarded-proto",
                    "x-real-ip",
                    "x-request-id");

    private TrailerNames() {}

    /// Whether a field with this name, in any case, must not be a trailer.
    public static boolean isForbidden(String name) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        return FORBIDDEN.contains(lowerCase) || lowerCase.startsWith("if-");
    }
}
