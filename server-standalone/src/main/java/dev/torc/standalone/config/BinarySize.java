package dev.torc.standalone.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A number of bytes as settings take it: `500`, `64K`, `500M`, `2G`, `1T`, in powers of 1024 and
/// either case.
final class BinarySize {
    private static final List<String> UNITS = List.of("", "K", "M", "G", "T");
    private static final int UNIT_BITS = 10;

    private BinarySize() {}

    /// The bytes that `text` stands for, or -1 if it stands for none.
    static long parse(String text) {
        Pattern pattern = Pattern.compile("(\\d{1,18})([KMGT]?)", Pattern.CASE_INSENSITIVE);
        Matcher size = pattern.matcher(text);
        if (!size.matches()) return -1;
        int shift = UNIT_BITS * UNITS.indexOf(size.group(2).toUpperCase(Locale.ROOT));
        long number = Long.parseLong(size.group(1));
        return number <= Long.MAX_VALUE >> shift ? number << shift : -1;
    }

    /// As short as it can be said exactly: `64K`, `1500`.
    static String format(long bytes) {
        int unit = 0;
        long number = bytes;
        while (number != 0 && number % (1 << UNIT_BITS) == 0 && unit < UNITS.size() - 1) {
            number >>= UNIT_BITS;
            unit++;
        }
        return number + UNITS.get(unit);
    }
}
