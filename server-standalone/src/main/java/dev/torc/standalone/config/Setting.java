package dev.torc.standalone.config;

import java.util.Locale;

/// One thing that a server can be told.
///
/// @param key its name in a file; dots part groups
/// @param initial its value where nothing says another
/// @param shownInitial how that is told, since it may depend on the machine
/// @param meaning a line or two for the help and the reference
/// @param helpMeaning that of the flag in the help, which for what is on says what is off then
/// @param flag its flag, from the key unless it is an everyday one
/// @param bareValue what the flag without a value stands for; empty where it needs one
/// @param inHelp whether `--help` has it
public record Setting<T>(
        String key,
        ValueType<T> type,
        T initial,
        String shownInitial,
        String meaning,
        String helpMeaning,
        String flag,
        String bareValue,
        boolean inHelp) {

    static <T> Setting<T> of(String key, ValueType<T> type, T initial, String meaning) {
        String flag = derivedFlag(key);
        String shown = type.format(initial);
        return new Setting<>(key, type, initial, shown, meaning, meaning, flag, "", false);
    }

    static String derivedFlag(String key) {
        return "--" + key.replace('.', '-');
    }

    /// Shown in `--help`.
    Setting<T> everyday() {
        return everyday(flag);
    }

    /// Shown in `--help`, with this name.
    Setting<T> everyday(String name) {
        return new Setting<>(
                key, type, initial, shownInitial, meaning, helpMeaning, name, bareValue, true);
    }

    Setting<T> withShownInitial(String text) {
        return new Setting<>(
                key, type, initial, text, meaning, helpMeaning, flag, bareValue, inHelp);
    }

    Setting<T> withHelpMeaning(String text) {
        return new Setting<>(
                key, type, initial, shownInitial, meaning, text, flag, bareValue, inHelp);
    }

    Setting<T> withBareValue(String text) {
        return new Setting<>(
                key, type, initial, shownInitial, meaning, helpMeaning, flag, text, inHelp);
    }

    /// The same for a command that starts from another value.
    public Setting<T> withInitial(T value) {
        String shown = type.format(value);
        return new Setting<>(
                key, type, value, shown, meaning, helpMeaning, flag, bareValue, inHelp);
    }

    public boolean isSwitch() {
        return type instanceof Switch;
    }

    /// The flag that says the opposite: only a switch has one.
    public String opposite() {
        return "--no-" + flag.substring(2);
    }

    /// `TORC_LIMITS_CONNECTIONS_MAX`.
    String variable() {
        return "TORC_" + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
