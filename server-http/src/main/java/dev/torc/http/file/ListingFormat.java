package dev.torc.http.file;

import dev.torc.http.MediaType;

/// What a directory listing is written in.
enum ListingFormat {
    HTML,
    JSON,
    TEXT;

    MediaType type() {
        return switch (this) {
            case HTML -> MediaType.TEXT_HTML_UTF_8;
            case JSON -> MediaType.APPLICATION_JSON;
            case TEXT -> MediaType.TEXT_PLAIN_UTF_8;
        };
    }
}
