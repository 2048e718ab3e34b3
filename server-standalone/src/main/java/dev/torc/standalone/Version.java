package dev.torc.standalone;

/// What `torc --version` says.
final class Version {
    private Version() {}

    static String torc() {
        return Version.class
                .getModule()
                .getDescriptor()
                .rawVersion()
                .orElse("of an unknown version");
    }

    static String line() {
        String on = " on Java " + Runtime.version() + ", " + System.getProperty("os.arch");
        return "torc " + torc() + on + "\n";
    }
}
