package dev.torc.examples;

/// What an example's `main` wants to be given.
final class Usage {
    private static final int WRONG = 2;

    private Usage() {}

    /// Ends the program, and says how it is called, unless there is an argument for each of
    /// `names`.
    static void require(String[] arguments, String program, String... names) {
        if (arguments.length == names.length) return;
        System.err.println("usage: " + program + " " + String.join(" ", names));
        System.exit(WRONG);
    }
}
