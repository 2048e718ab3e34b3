package dev.torc.http;

import org.jspecify.annotations.Nullable;

/// What came of one [HealthCheck].
///
/// @param name of the check
/// @param reason why it failed, on one line; null if all is well
/// @param millis how long it took
public record CheckResult(String name, @Nullable String reason, long millis) {
    private static final int REASON_LENGTH_MAX = 200;

    public boolean isUp() {
        return reason == null;
    }

    /// One line without controls, and never a stack: what goes to whoever asks.
    static CheckResult failed(String name, Throwable failure, long millis) {
        String message = failure.getMessage();
        boolean tells = message != null && !message.isBlank();
        return new CheckResult(name, line(tells ? message : nameOf(failure.getClass())), millis);
    }

    /// The simple name or, of an anonymous class, which has none, the whole one.
    private static String nameOf(Class<?> failure) {
        String simple = failure.getSimpleName();
        return simple.isEmpty() ? failure.getName() : simple;
    }

    private static String line(@Nullable String text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; text != null && i < text.length(); i++) {
            if (line.length() == REASON_LENGTH_MAX) return line.append(" ...").toString();
            char c = text.charAt(i);
            line.append(Character.isISOControl(c) || Character.isSurrogate(c) ? ' ' : c);
        }
        return line.toString().strip();
    }
}
