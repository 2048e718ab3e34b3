package dev.torc.standalone;

import dev.torc.standalone.doctor.TextStyle;

import java.io.Console;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.Optional;

/// What standard output is, as far as it decides how text may look there.
record Terminal(boolean interactive, Map<String, String> environment, Charset charset) {
    static Terminal ofThisProcess() {
        // JDK 25 has none where the input or the output is not a terminal; JDK 22 to 24 has one.
        boolean interactive =
                Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
        return new Terminal(interactive, System.getenv(), System.out.charset());
    }

    /// Colour only where a person looks and has not declined it (<https://no-color.org>), and signs
    /// beyond ASCII only where they can be written.
    TextStyle style() {
        boolean declined = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        boolean dumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
        return new TextStyle(
                interactive && !declined && !dumb, charset.newEncoder().canEncode('✓'));
    }
}
