package dev.torc.http.file;

/// Decimal numbers as fields carry them: digits alone. Allocates nothing; any thread.
final class Decimal {
    /// Digits of the greatest `long`.
    static final int DIGITS_MAX = 19;

    private Decimal() {}

    /// Writes `number`, which is not negative, from `index` on and returns the index behind it.
    static int put(long number, byte[] target, int index) {
        int end = index + digits(number);
        int at = end;
        do {
            target[--at] = (byte) ('0' + number % 10);
            number /= 10;
        } while (number > 0);
        return end;
    }

    /// How many digits `number` has, which is not negative.
    static int digits(long number) {
        assert number >= 0 : "number=" + number;
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) digits++;
        return digits;
    }
}
