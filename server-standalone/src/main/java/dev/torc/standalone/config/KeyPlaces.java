package dev.torc.standalone.config;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the keys of a TOML text are, which its reader does not tell. Looks at the lines that start
/// with a key or the head of a table, as all but an inline table's do.
final class KeyPlaces {
    private static final Pattern TABLE = Pattern.compile("(\\s*)\\[\\s*([^\\[\\]]+?)\\s*].*");
    private static final Pattern KEY = Pattern.compile("(\\s*)([\\w.\"' -]+?)\\s*=.*");

    private final String file;
    private final Map<String, Origin.File> places = new HashMap<>();

    KeyPlaces(String file, String text) {
        this.file = file;
        String table = "";
        int line = 0;
        for (String content : text.lines().toList()) {
            line++;
            Matcher head = TABLE.matcher(content);
            Matcher key = KEY.matcher(content);
            if (head.matches()) {
                table = plain(head.group(2));
                put(table, line, head.end(1));
                table += ".";
            } else if (key.matches()) {
                put(table + plain(key.group(2)), line, key.end(1));
            }
        }
    }

    private void put(String path, int line, int before) {
        places.putIfAbsent(path, new Origin.File(file, line, before + 1));
    }

    private static String plain(String path) {
        return path.replaceAll("[\"' ]", "");
    }

    /// Where this path, or the part of it that has a line, is.
    Origin.File of(String path) {
        String part = path;
        while (!places.containsKey(part) && part.contains(".")) {
            part = part.substring(0, part.lastIndexOf('.'));
        }
        return places.getOrDefault(part, new Origin.File(file, 0, 0));
    }
}
