package dev.torc.examples;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A text and which version of it this is.
record Note(int version, String text) {
    /// Its entity tag.
    String tag() {
        return "\"" + version + "\"";
    }

    /// Whether `If-None-Match` names this version; a cache may have made its tag weak.
    boolean isKnownBy(@Nullable String tags) {
        return tags != null && isNamedBy(tags.replace("W/", ""));
    }

    /// Whether `If-Match` names exactly this version (RFC 9110 13.1.1).
    boolean isNamedBy(String tags) {
        List<String> all = List.of(tags.split(" *, *"));
        return all.contains("*") || all.contains(tag());
    }

    /// What comes after it.
    Note next(String newText) {
        return new Note(version + 1, newText);
    }
}
