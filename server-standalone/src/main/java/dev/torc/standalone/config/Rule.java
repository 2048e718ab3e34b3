package dev.torc.standalone.config;

/// A name, or a pattern, and what goes with it: `X-A: b`.
record Rule(String name, String value) {
    @Override
    public String toString() {
        return name + ": " + value;
    }
}
