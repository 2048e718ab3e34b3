package dev.torc.standalone.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A directory in place of `/`, with the files that a test puts there.
record TestRoot(Path directory) {
    TestRoot put(String name, String text) {
        try {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    SystemFiles files() {
        return new SystemFiles(directory);
    }
}
