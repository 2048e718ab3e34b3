package dev.torc.standalone.config;

import dev.torc.core.StartException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Variables of the environment whose names start with `TORC_`.
final class Variables {
    /// The file to read, which is not a setting itself.
    static final String CONFIG = "TORC_CONFIG";

    private static final String PREFIX = "TORC_";

    /// Those of the launcher.
    private static final Set<String> OTHERS = Set.of(CONFIG, "TORC_JAVA_OPTS", "TORC_AOT");

    /// Kubernetes adds these for each service of a name like `torc`, and a port that is a URL.
    private static final Pattern OF_KUBERNETES =
            Pattern.compile(
                    "TORC_(\\w+_)?(SERVICE_(HOST|PORT(_\\w+)?)|PORT_\\d+_(TCP|UDP|SCTP)(_\\w+)?)");

    private static final Pattern URL_OF_KUBERNETES = Pattern.compile("(tcp|udp|sctp)://.*");

    private Variables() {}

    /// @throws StartException for one that stands for nothing
    static List<Given> read(Map<String, String> environment) {
        List<Given> given = new ArrayList<>();
        Map<String, Setting<?>> known = new TreeMap<>();
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            String name = variable.getKey();
            if (!name.startsWith(PREFIX) || isForeign(name, variable.getValue())) continue;
            if (known.isEmpty()) Schema.all().forEach(each -> known.put(each.variable(), each));
            Setting<?> setting = known.get(name);
            if (setting == null) throw unknown(name, known);
            List<String> texts =
                    setting.type().isList()
                            ? variable.getValue().lines().filter(line -> !line.isBlank()).toList()
                            : List.of(variable.getValue());
            given.add(new Given(setting, texts, new Origin.Variable(name)));
        }
        return given;
    }

    private static boolean isForeign(String name, String value) {
        boolean url = name.endsWith("PORT") && URL_OF_KUBERNETES.matcher(value).matches();
        return url || OTHERS.contains(name) || OF_KUBERNETES.matcher(name).matches();
    }

    private static StartException unknown(String name, Map<String, Setting<?>> known) {
        String near =
                NearName.of(name, known.keySet())
                        .map(other -> ", did you mean " + other + "?")
                        .orElse(": torc config reference lists all");
        return new StartException("no setting is called " + name + near);
    }
}
