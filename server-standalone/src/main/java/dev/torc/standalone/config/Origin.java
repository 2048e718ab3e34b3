package dev.torc.standalone.config;

/// Where a value comes from, the weakest first.
public sealed interface Origin {
    /// `default`, `file`, `variable` or `flag`.
    String kind();

    /// Where something is said of `key`, and of what if the place does not show it: `--port`,
    /// `TORC_PORT`, `torc.toml:1:1: port`.
    default String with(String key) {
        return this instanceof File ? this + ": " + key : toString();
    }

    /// Nobody has said another.
    record Default() implements Origin {
        @Override
        public String kind() {
            return "default";
        }

        @Override
        public String toString() {
            return "default";
        }
    }

    /// A place in a configuration file; line and column from 1, or 0 where they are not known.
    record File(String name, int line, int column) implements Origin {
        @Override
        public String kind() {
            return "file";
        }

        @Override
        public String toString() {
            return line == 0 ? name : name + ":" + line + ":" + column;
        }
    }

    /// A variable of the environment.
    record Variable(String name) implements Origin {
        @Override
        public String kind() {
            return "variable";
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /// A flag, or the argument that stands for one.
    record Flag(String name) implements Origin {
        @Override
        public String kind() {
            return "flag";
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
