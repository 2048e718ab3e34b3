package dev.torc.standalone.config;

/// The reference of all settings, in Markdown that reads well as it is.
public final class Reference {
    private static final String HEAD =
            """
            # Configuration

            Everything that `torc serve` and `torc demo` can be told. This page is written by
            `./torc config reference > docs/configuration.md` from the code; a test compares it.

            A setting has one key and three places, of which the first that has it counts:

            1. a flag: `--limits-connections-max 1000`, the key with dashes for its dots, unless
               another is named below. What is on or off has two flags, `--files-links` and
               `--no-files-links`
            2. a variable of the environment: `TORC_LIMITS_CONNECTIONS_MAX=1000`
            3. a file in TOML, which `--config FILE` or `TORC_CONFIG` names:

            ```toml
            port = 8081
            shards = 2

            [limits]
            connections-max = 1000
            pool-bytes-max = "64M"

            [timeouts]
            idle = "30s"

            [files]
            headers = ["X-Content-Type-Options: nosniff"]
            cache-rules = ["/assets/**: max-age=31536000", "*.html: no-cache"]
            ```

            Sizes are bytes, or in powers of 1024 like `64K`, `500M`, `2G`, `1T`. Times have a unit:
            `500ms`, `30s`, `5m`, `1h`, `1d`. A list is a flag for each element, a line for each in
            a variable, an array in a file; a stronger place's list replaces a weaker one's.

            `torc config print`, with the flags of `torc serve`, shows each value and where it is
            from; `--json` for programs. What is wrong in any place, even if a stronger one
            overrules it, is an error with that place, and nothing starts (exit code 2): a key, a
            variable that starts with `TORC_`, or a flag that there is not, and a value that there
            is not. The launcher's own variables are left out (`TORC_JAVA_OPTS`, `TORC_AOT`), and
            so is what Kubernetes adds for a service called torc (`TORC_SERVICE_HOST`,
            `TORC_PORT_8080_TCP`, `TORC_PORT=tcp://...`).

            `torc demo` serves the files of `root` below `/static/`; it does not list directories
            unless told to, and has no uploads and no line for each request. `torc doctor` looks at
            the settings of the server, of its shards and of the admin listener.
            """;

    private Reference() {}

    public static String markdown() {
        StringBuilder text = new StringBuilder(HEAD);
        for (Group group : Schema.groups()) {
            text.append("\n## ").append(group.title()).append("\n\n");
            for (Setting<?> setting : group.settings()) line(text, setting);
        }
        return text.toString();
    }

    private static void line(StringBuilder text, Setting<?> setting) {
        text.append("- `").append(setting.key()).append("` (").append(setting.type().allowed());
        text.append("; default: ").append(setting.shownInitial()).append(')');
        boolean derived = setting.flag().equals(Setting.derivedFlag(setting.key()));
        if (!derived) {
            text.append(", flag `").append(setting.flag());
            if (setting.isSwitch()) text.append("` or `").append(setting.opposite());
            text.append('`');
        }
        text.append("  \n  ").append(setting.meaning()).append('\n');
    }
}
