package dev.torc.standalone.config;

/// Where a listener listens. Nothing is none: the JDK would take it for the loopback interface,
/// which a variable that was left empty hardly means.
record Host() implements ValueType<String> {
    @Override
    public String parse(String text) {
        if (text.isBlank()) throw new IllegalArgumentException("must be " + allowed());
        return text;
    }

    @Override
    public String hint(String text) {
        return text.isBlank() ? "(nothing)" : "";
    }

    @Override
    public String format(String value) {
        return value;
    }

    @Override
    public String label() {
        return "ADDRESS";
    }

    @Override
    public String allowed() {
        return "an address or a name of this host";
    }
}
