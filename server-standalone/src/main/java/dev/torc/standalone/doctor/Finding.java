package dev.torc.standalone.doctor;

/// One thing looked at.
///
/// @param name what it is, in words that do not change: scripts look for it
/// @param found what is there; `unknown` where the system does not say
/// @param needed what a server needs; empty when it needs nothing in particular
/// @param remedy a command or an option to copy; empty when nothing is to be done
public record Finding(String name, State state, String found, String needed, String remedy) {
    /// How it stands.
    public enum State {
        OK,
        /// Not as it could be, and of no consequence.
        NOTE,
        /// A server starts, but slower, smaller or at risk.
        WARNING,
        /// Keeps a server from starting as configured.
        SHORTFALL
    }

    static final String UNKNOWN = "unknown";

    static Finding ok(String name, String found, String needed) {
        return new Finding(name, State.OK, found, needed, "");
    }

    static Finding note(String name, String found, String needed) {
        return new Finding(name, State.NOTE, found, needed, "");
    }

    static Finding unknown(String name, String needed) {
        return note(name, UNKNOWN, needed);
    }

    static Finding warning(String name, String found, String needed, String remedy) {
        return new Finding(name, State.WARNING, found, needed, remedy);
    }

    static Finding shortfall(String name, String found, String needed, String remedy) {
        return new Finding(name, State.SHORTFALL, found, needed, remedy);
    }
}
