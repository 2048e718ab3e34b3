package dev.torc.standalone.config;

/// What `torc serve` says.
public final class OutputSettings {
    public static final Group GROUP = new Group("", "Output");

    public static final Setting<Boolean> QUIET =
            GROUP.add(
                    Setting.of("quiet", new Switch(), false, "Writes no line for each request.")
                            .everyday());

    private OutputSettings() {}
}
