package dev.torc.standalone.config;

import java.util.List;

/// What the values of a setting are.
public sealed interface ValueType<T>
        permits Amount, Choice, Host, Rules, Switch, Text, Texts, Time {
    /// The value that is written like this.
    ///
    /// @throws IllegalArgumentException if none is; its message goes on where the setting's name
    ///   ends: `must be 1 to 9`
    T parse(String text);

    /// As [#parse(String)] takes it.
    String format(T value);

    /// Stands for a value in the help: `N`, `SIZE`.
    String label();

    /// Which values there are: `1 to 9`.
    String allowed();

    /// What is added to an error: the value that may have been meant.
    default String hint(String text) {
        return "";
    }

    /// Whether it is a list: a flag for each element, a line of a variable, an array of a file.
    default boolean isList() {
        return false;
    }

    /// The value of what one source has given: a list's elements, or one text.
    default T parseAll(List<String> texts) {
        if (texts.size() == 1) return parse(texts.getFirst());
        throw new IllegalArgumentException("takes one value");
    }
}
