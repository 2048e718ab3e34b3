package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.StartException;
import dev.torc.standalone.config.Arguments;
import dev.torc.standalone.config.FileSettings;
import dev.torc.standalone.config.Group;
import dev.torc.standalone.config.Schema;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Finding the command, its help, and what is said of a wrong one.
class CommandLineTest {
    private static final int EXIT_CODE = 7;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private String root = "";

    /// Takes settings and a directory.
    private final class Serve implements Command {
        @Override
        public String name() {
            return "serve";
        }

        @Override
        public String description() {
            return "Serves.";
        }

        @Override
        public List<Group> groups() {
            return Schema.groups();
        }

        @Override
        public boolean takesDirectory() {
            return true;
        }

        @Override
        public List<OwnFlag> flags() {
            return List.of(new OwnFlag("--own", "Does more."));
        }

        @Override
        public List<String> notes() {
            return List.of("A note.");
        }

        @Override
        public int run(Arguments arguments) {
            root = arguments.settings(Map.of()).of(FileSettings.ROOT);
            return EXIT_CODE;
        }
    }

    /// Has two words and cannot start.
    private static final class Fail implements Command {
        @Override
        public String name() {
            return "config fail";
        }

        @Override
        public String description() {
            return "Fails.";
        }

        @Override
        public int run(Arguments arguments) {
            throw new StartException("the port\nis in use");
        }
    }

    private int run(String line) throws InterruptedException {
        List<Command> commands = List.of(new Serve(), new Fail());
        CommandLine command =
                new CommandLine(commands, new PrintStream(out), new PrintStream(errors));
        return command.run(line.isEmpty() ? List.of() : List.of(line.split(" ")));
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void runsTheCommandThatIsNamed() throws InterruptedException {
        assertEquals(EXIT_CODE, run("serve --port 1 dir"));
        assertEquals("dir", root);
        assertEquals(EXIT_CODE, run("serve --root other --own"));
        assertEquals("other", root);
        assertEquals("", said());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "srve              | there is no command srve, did you mean serve? (see torc"
                        + " --help)",
                "steam             | there is no command steam (see torc --help)",
                "--own             | there is no flag --own",
                "serve a b         | what is b for? (see torc serve --help)",
                "serve --root a b  | --root says again what b says",
                "serve --prot 1    | did you mean --port? (see torc serve --help)",
                "serve --port x    | --port must be 0 to 65535: x",
                "config fail a     | what is a for? (see torc config fail --help)",
                "config fail       | the port is in use"
            })
    void saysInOneLineWhatIsWrong(String line, String why) throws InterruptedException {
        assertEquals(2, run(line));
        String text = errors.toString(StandardCharsets.UTF_8);
        assertTrue(text.startsWith("torc: "), text);
        assertTrue(text.contains(why), text);
        assertEquals(1, text.lines().count());
        assertEquals("", said());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--help", "-h", "config", "config --help"})
    void listsCommandsWithoutOne(String line) throws InterruptedException {
        assertEquals(0, run(line));
        assertTrue(said().startsWith("Usage: torc COMMAND [OPTIONS]\n"), said());
        assertTrue(said().contains("\n  config fail             Fails.\n"), said());
        assertEquals(!line.startsWith("config"), said().contains("\n  serve "), said());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V", "serve --version", "config fail -V"})
    void tellsItsVersion(String line) throws InterruptedException {
        assertEquals(0, run(line));
        assertTrue(said().matches("torc .* on Java .*\n"), said());
    }

    @Test
    void theHelpOfACommandIsGroupedAndFits80Columns() throws InterruptedException {
        assertEquals(0, run("serve --port x --help"));
        String help = said();
        assertTrue(help.startsWith("Usage: torc serve [OPTIONS] [DIR]\n\nServes.\n"), help);
        assertTrue(help.contains("\nListening:\n  --host ADDRESS "), help);
        assertTrue(help.contains("(default: 8080)."), help);
        String words = help.replaceAll("\\s+", " ");
        assertTrue(words.contains("(default: one per CPU)."), help);
        assertTrue(help.contains("\n  --no-listing "), help);
        assertTrue(help.contains("\n  --spa[=PAGE] "), help);
        assertTrue(help.contains("\n  --own "), help);
        assertTrue(help.endsWith("\nA note.\n"), help);
        assertFalse(help.contains("--limits-"), "the full list is the reference");
        for (String line : help.lines().toList()) {
            assertTrue(line.length() <= 80, line);
            assertEquals(line.stripTrailing(), line);
        }
    }
}
