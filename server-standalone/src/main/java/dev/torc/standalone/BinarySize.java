package dev.torc.standalone;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A number of bytes as options take it: `500`, `64K`, `500M`, `2G`, `1T`, in powers of 1024 and
/// either case.
final class BinarySize {
    private static final Pattern TEXT =
            Pattern.compile("(\\d{1,18})([KMGT]?)", Pattern.CASE_INSENSITIVE);
    private static final List<String> UNITS = List.of("", "K", "M", "G", "T");
    private static final int UNIT_BITS = 10;

    private BinarySize() {}

    /// The bytes that the value of `option` stands for, at least 1.
    ///
    /// @throws IllegalArgumentException if it is none
    static long parse(String option, String text) {
        Matcher size = TEXT.matcher(text);
        if (size.matches()) {
            int shift = UNIT_BITS * UNITS.indexOf(size.group(2).toUpperCase(Locale.ROOT));
            long number = Long.parseLong(size.group(1));
            if (number > 0 && number <= Long.MAX_VALUE >> shift) return number << shift;
        }
        throw new IllegalArgumentException(
                option
                        + " must be a number of bytes from 1 to 8388607T, such as 65536, 64K, 500M,"
                        + " 2G or 1T: "
                        + text);
    }
}
