package dev.torc.standalone.config;

import dev.torc.core.StartException;

import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The flags of a command: those of its settings, `--config`, and options of its own. Every command
/// has `-h, --help` and `-V, --version`.
public final class Flags {
    public static final String HELP = "--help";
    public static final String VERSION = "--version";

    private static final String CONFIG = "--config";
    private static final String DASHES = "--";

    private final String command;
    private final Options options = new Options();
    private final Map<String, Setting<?>> settings = new HashMap<>();
    private final Set<String> names = new TreeSet<>(List.of(HELP, VERSION));

    /// @param command its name
    /// @param own options without a value, such as `--json`
    public Flags(String command, List<Group> groups, List<String> own) {
        this.command = command;
        options.addOption("h", plain(HELP), false, null);
        options.addOption("V", plain(VERSION), false, null);
        for (String option : own) add(option, null);
        for (Group group : groups) {
            for (Setting<?> setting : group.settings()) add(setting);
        }
        if (!groups.isEmpty()) add(CONFIG, "FILE");
    }

    private void add(Setting<?> setting) {
        settings.put(setting.flag(), setting);
        if (setting.isSwitch()) {
            settings.put(setting.opposite(), setting);
            add(setting.flag(), null);
            add(setting.opposite(), null);
        } else {
            boolean bare = !setting.bareValue().isEmpty();
            add(setting.flag(), setting.type().label()).setOptionalArg(bare);
        }
    }

    private Option add(String name, @Nullable String label) {
        Option option = new Option(null, plain(name), label != null, null);
        options.addOption(option);
        names.add(name);
        return option;
    }

    private static String plain(String name) {
        return name.substring(DASHES.length());
    }

    /// What `arguments` say.
    ///
    /// @throws StartException for a flag that there is not, or that lacks its value
    public Arguments parse(List<String> arguments) {
        CommandLine line = line(arguments);
        Map<String, Given> given = new LinkedHashMap<>();
        Set<String> own = new TreeSet<>();
        String file = null;
        for (Option option : line.getOptions()) {
            String name = DASHES + option.getLongOpt();
            Setting<?> setting = settings.get(name);
            if (setting != null) {
                given.merge(setting.key(), given(setting, name, option.getValue()), Flags::both);
            } else if (name.equals(CONFIG)) {
                file = option.getValue();
            } else {
                own.add(name);
            }
        }
        return new Arguments(List.copyOf(given.values()), own, file, line.getArgList());
    }

    private CommandLine line(List<String> arguments) {
        DefaultParser parser =
                DefaultParser.builder()
                        .setAllowPartialMatching(false)
                        .setStripLeadingAndTrailingQuotes(false)
                        .get();
        try {
            return parser.parse(options, arguments.toArray(String[]::new));
        } catch (UnrecognizedOptionException unknown) {
            throw new StartException(unknown(unknown.getOption()), unknown);
        } catch (MissingArgumentException incomplete) {
            String name = DASHES + incomplete.getOption().getLongOpt();
            String label = name.equals(CONFIG) ? "FILE" : label(settings.get(name));
            throw new StartException(name + " needs a value: " + name + " " + label, incomplete);
        } catch (ParseException refused) {
            throw new StartException(String.valueOf(refused.getMessage()), refused);
        }
    }

    private static String label(@Nullable Setting<?> setting) {
        return setting == null ? "VALUE" : setting.type().label();
    }

    /// A switch that is given a value is unknown as well, by the name of Commons CLI.
    private String unknown(String token) {
        String name = token.contains("=") ? token.substring(0, token.indexOf('=')) : token;
        if (names.contains(name)) return name + " takes no value: " + token;
        for (Setting<?> setting : Schema.all().toList()) {
            boolean same = name.equals(setting.flag()) || name.equals(setting.opposite());
            if (same) return name + " is not for torc " + command;
            if (name.equals(Setting.derivedFlag(setting.key()))) {
                return "there is no flag " + name + ", did you mean " + setting.flag() + "?";
            }
        }
        String near =
                NearName.of(name, names).map(other -> ", did you mean " + other + "?").orElse("");
        return "there is no flag " + name + near;
    }

    private static Given given(Setting<?> setting, String name, @Nullable String value) {
        String text = value;
        if (setting.isSwitch()) text = Boolean.toString(name.equals(setting.flag()));
        else if (text == null) text = setting.bareValue();
        return new Given(setting, List.of(text), new Origin.Flag(name));
    }

    private static Given both(Given first, Given second) {
        if (!first.setting().type().isList()) {
            String one = first.origin().toString();
            String other = second.origin().toString();
            throw new StartException(
                    one.equals(other)
                            ? one + " is given twice"
                            : one + " and " + other + " contradict each other: give one of them");
        }
        List<String> texts = new ArrayList<>(first.texts());
        texts.addAll(second.texts());
        return new Given(first.setting(), texts, first.origin());
    }
}
