package dev.torc.http.file;

/// Sizes as people read them: `0 B`, `1023 B`, `1.5 KiB`, `12 MiB`. Any thread.
final class ByteSize {
    private static final String[] UNITS = {" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"};
    private static final double UNIT = 1024;
    private static final double NEXT_UNIT_FROM = 1023.5; // what would be rounded to 1024
    private static final int TENTHS_BELOW = 100; // from 10.0 on none are shown

    private ByteSize() {}

    /// The size in binary units, with one decimal below 10; rounded, halves up.
    static String text(long bytes) {
        double value = bytes;
        int unit = 0;
        for (; value >= NEXT_UNIT_FROM; unit++) value /= UNIT;
        long tenths = Math.round(value * 10);
        boolean whole = unit == 0 || tenths >= TENTHS_BELOW;
        String number = whole ? "" + Math.round(value) : tenths / 10 + "." + tenths % 10;
        return number + UNITS[unit];
    }
}
