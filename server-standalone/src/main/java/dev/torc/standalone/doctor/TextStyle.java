package dev.torc.standalone.doctor;

import dev.torc.standalone.doctor.Finding.State;

/// How a report looks.
///
/// @param color whether marks are coloured by ANSI sequences
/// @param unicode whether signs beyond ASCII may be used
public record TextStyle(boolean color, boolean unicode) {
    private static final String RESET = "\u001b[0m";

    String mark(State state) {
        return switch (state) {
            case OK -> colored(32, unicode ? "✓" : "+");
            case NOTE -> colored(90, unicode ? "·" : "-");
            case WARNING -> colored(33, "!");
            case SHORTFALL -> colored(31, unicode ? "✗" : "x");
        };
    }

    String arrow() {
        return unicode ? "→" : "->";
    }

    String bold(String text) {
        return colored(1, text);
    }

    /// Text in one of the colours of ANSI, where colours are used.
    public String colored(int code, String text) {
        return color ? "\u001b[" + code + "m" + text + RESET : text;
    }
}
