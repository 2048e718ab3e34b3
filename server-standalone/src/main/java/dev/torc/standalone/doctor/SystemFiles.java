package dev.torc.standalone.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/// The files in which the system tells about itself, below a root: `/` but for tests. None of them
/// need exist.
record SystemFiles(Path root) {
    Optional<String> text(String path) {
        // Not Files.readString: it reads a file of unknown size byte by byte at first, and of what
        // is
        // below /proc/sys the kernel hands out nothing but the first read.
        try (InputStream in = new FileInputStream(root.resolve(path).toFile())) {
            return Optional.of(new String(in.readAllBytes(), UTF_8).strip());
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    OptionalLong number(String path) {
        return parse(text(path).orElse(""));
    }

    /// A number; with more digits than a long holds it stands for no limit at all.
    static OptionalLong parse(String text) {
        if (text.matches("\\d{19,20}")) return OptionalLong.of(Long.MAX_VALUE);
        return text.matches("-?\\d{1,18}")
                ? OptionalLong.of(Long.parseLong(text))
                : OptionalLong.empty();
    }
}
