package dev.torc.loadtest.ring;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// The options of a benchmark: `--name value ...`. `bench.h` reads the same in C.
final class Options {
    private final Map<String, String> values = new HashMap<>();

    /// Reads `arguments` from the second on.
    Options(String[] arguments) {
        if (arguments.length % 2 == 0) {
            throw new IllegalArgumentException("an option without a value, or no benchmark");
        }
        for (int i = 1; i < arguments.length; i += 2) {
            if (!arguments[i].startsWith("--")) {
                throw new IllegalArgumentException("not an option: " + arguments[i]);
            }
            values.put(arguments[i].substring(2), arguments[i + 1]);
        }
    }

    String text(String name) {
        String value = values.get(name);
        if (value == null) throw new IllegalArgumentException("option is missing: --" + name);
        return value;
    }

    int number(String name) {
        return Integer.parseInt(text(name));
    }

    long nanos(String name) {
        return (long) (Double.parseDouble(text(name)) * 1e9);
    }

    boolean has(String name) {
        return number(name) != 0;
    }

    int[] numbers(String name) {
        return Arrays.stream(text(name).split(",")).mapToInt(Integer::parseInt).toArray();
    }
}
