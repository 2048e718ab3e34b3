package dev.torc.standalone;

import picocli.CommandLine.IVersionProvider;

/// What `torc --version` says.
final class Version implements IVersionProvider {
    Version() {}

    static String torc() {
        return Version.class
                .getModule()
                .getDescriptor()
                .rawVersion()
                .orElse("of an unknown version");
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "torc "
                    + torc()
                    + " on Java "
                    + Runtime.version()
                    + ", "
                    + System.getProperty("os.arch")
        };
    }
}
