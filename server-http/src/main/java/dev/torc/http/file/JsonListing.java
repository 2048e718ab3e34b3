package dev.torc.http.file;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// A directory as JSON (RFC 8259):
///
/// ```json
/// {"path":["music"],"complete":true,"entries":[
///   {"name":"live","href":"live/","type":"directory","modified":"2026-11-21T09:00:00Z"},
///   {"name":"a b","href":"a%20b","type":"file","size":4096,"modified":"2026-11-21T09:00:00Z"}
/// ]}
/// ```
///
/// `href` is relative to the directory and has the name's bytes; `name` has U+FFFD for what is not
/// UTF-8. `size` is in bytes. Each entry is on a line of its own.
final class JsonListing {
    private JsonListing() {}

    static String render(DirectoryListing listing) {
        StringBuilder json = new StringBuilder("{\"path\":[");
        String comma = "";
        for (byte[] name : listing.path()) {
            quote(text(name), json.append(comma));
            comma = ",";
        }
        json.append("],\"complete\":").append(listing.isComplete()).append(",\"entries\":[");
        comma = "\n";
        for (ListingEntry entry : listing.entries()) {
            append(entry, json.append(comma));
            comma = ",\n";
        }
        return json.append("\n]}\n").toString();
    }

    private static void append(ListingEntry entry, StringBuilder json) {
        quote(text(entry.name()), json.append("{\"name\":"));
        quote(entry.reference(), json.append(",\"href\":"));
        if (entry.isDirectory()) {
            json.append(",\"type\":\"directory\"");
        } else {
            json.append(",\"type\":\"file\",\"size\":").append(entry.sizeBytes());
        }
        quote(UtcTime.seconds(entry.modifiedSeconds()), json.append(",\"modified\":"));
        json.append('}');
    }

    private static String text(byte[] name) {
        return new String(name, StandardCharsets.UTF_8);
    }

    /// Appends a string. Beyond what RFC 8259 7 asks for, it escapes what has a meaning in HTML,
    /// should the JSON be put into a page, and the controls of Unicode.
    private static void quote(String text, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escaped = c == '"' || c == '\\' || "<>&'".indexOf(c) >= 0;
            if (escaped || ShownName.isControl(c)) {
                json.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
