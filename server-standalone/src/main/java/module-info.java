/// The `torc` command.
module dev.torc.standalone {
    requires static org.jspecify;
    requires dev.torc.http;
    requires dev.torc.uring;
    requires io.prometheus.metrics.model;
    requires java.logging;
    requires java.management;
    requires jdk.unsupported;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires org.apache.commons.cli;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.toml;

    opens dev.torc.standalone to
            tools.jackson.databind;
}
