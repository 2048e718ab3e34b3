package dev.torc.standalone;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// curl, run in `directory`, without anything that the user has configured for it.
record Curl(Path directory) {
    private static final List<String> ALWAYS =
            List.of("--silent", "--show-error", "--noproxy", "*", "--max-time", "50");

    /// What it writes to its standard output, if it succeeds.
    String run(String... options) throws IOException, InterruptedException {
        return outcome(options).expectSuccess();
    }

    /// What it writes, if it succeeds; it reads the file `input`.
    String runOn(Path input, String... options) throws IOException, InterruptedException {
        return Program.run(directory, input, command(List.of(options))).expectSuccess();
    }

    Program.Outcome outcome(String... options) throws IOException, InterruptedException {
        return Program.run(directory, command(List.of(options)));
    }

    /// Runs transfers of different kinds, one behind the other, and returns the line that
    /// `writeOut` makes of each. The bodies are in `transfer-0` and so on.
    List<String> transfers(String writeOut, List<List<String>> transfers)
            throws IOException, InterruptedException {
        List<String> options = new ArrayList<>();
        for (int i = 0; i < transfers.size(); i++) {
            if (i > 0) {
                options.add("--next");
                options.addAll(ALWAYS);
            }
            options.addAll(List.of("--output", "transfer-" + i, "--write-out", writeOut + "\n"));
            options.addAll(transfers.get(i));
        }
        return run(options.toArray(String[]::new)).lines().toList();
    }

    /// `-q`, which must come first, ignores the user's .curlrc.
    private static List<String> command(List<String> options) {
        List<String> command = new ArrayList<>(List.of(Tool.CURL.path(), "-q"));
        command.addAll(ALWAYS);
        command.addAll(options);
        return command;
    }
}
