package dev.torc.standalone.config;

/// On or off.
record Switch() implements ValueType<Boolean> {
    @Override
    public Boolean parse(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("must be " + allowed());
        };
    }

    @Override
    public String format(Boolean value) {
        return value.toString();
    }

    @Override
    public String label() {
        return "";
    }

    @Override
    public String allowed() {
        return "true or false";
    }
}
