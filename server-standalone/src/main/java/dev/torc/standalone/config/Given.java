package dev.torc.standalone.config;

import dev.torc.core.StartException;

import java.util.List;

/// What one source says of a setting, as it is written there: one text, or a list's elements.
record Given(Setting<?> setting, List<String> texts, Origin origin) {
    /// Itself, if it is a value that the setting can have.
    ///
    /// @throws StartException if it is none, with the place and what it has to be
    Given checked() {
        parsed(setting);
        return this;
    }

    /// The value; `typed` is the setting itself, whose type is known.
    <T> T parsed(Setting<T> typed) {
        try {
            return typed.type().parseAll(texts);
        } catch (IllegalArgumentException refused) {
            String place = origin.with(typed.key());
            String text = String.join(", ", texts).replace('\n', ' ');
            String value = ": " + text + typed.type().hint(text);
            throw new StartException(place + " " + refused.getMessage() + value, refused);
        }
    }
}
