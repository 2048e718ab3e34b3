package dev.torc.standalone;

import java.lang.module.ModuleDescriptor;
import java.util.Optional;

/// What `torc --version` says.
final class Version {
    private Version() {}

    /// As the module's jar says, which a class path or a directory of classes does not.
    static String torc() {
        ModuleDescriptor module = Version.class.getModule().getDescriptor();
        Optional<String> version = module == null ? Optional.empty() : module.rawVersion();
        return version.orElse("of an unknown version");
    }

    static String line() {
        String on = " on Java " + Runtime.version() + ", " + System.getProperty("os.arch");
        return "torc " + torc() + on + "\n";
    }
}
