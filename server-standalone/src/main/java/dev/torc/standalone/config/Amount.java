package dev.torc.standalone.config;

/// A number: of things, or of bytes, which may be written like `64K`.
record Amount(long min, long max, boolean isBytes, boolean isPowerOfTwo)
        implements ValueType<Long> {
    static Amount count(long min, long max) {
        return new Amount(min, max, false, false);
    }

    static Amount powerOfTwo(long max) {
        return new Amount(1, max, false, true);
    }

    static Amount bytes(long min, long max) {
        return new Amount(min, max, true, false);
    }

    @Override
    public Long parse(String text) {
        long value = isBytes ? BinarySize.parse(text) : number(text);
        if (value < min || value > max || (isPowerOfTwo && Long.bitCount(value) != 1)) {
            String what = isBytes ? "must be a number of bytes from " : "must be ";
            String such = isBytes ? ", such as 65536, 64K, 500M or 2G" : "";
            throw new IllegalArgumentException(what + range() + such);
        }
        return value;
    }

    /// One that is out of every range, if it is no number.
    private static long number(String text) {
        boolean plausible = text.matches("\\d{1,18}");
        return plausible ? Long.parseLong(text) : -1;
    }

    @Override
    public String format(Long value) {
        return isBytes ? BinarySize.format(value) : Long.toString(value);
    }

    @Override
    public String label() {
        return isBytes ? "SIZE" : "N";
    }

    @Override
    public String allowed() {
        return isBytes ? range() + " bytes" : range();
    }

    private String range() {
        String range = format(min) + " to " + format(max);
        return isPowerOfTwo ? "a power of two, " + range : range;
    }
}
