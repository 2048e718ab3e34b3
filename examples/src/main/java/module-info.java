/// Small programs, one for each idea.
module dev.torc.examples {
    requires static org.jspecify;
    requires java.net.http;
    requires transitive dev.torc.core;
    requires transitive dev.torc.http;
    requires transitive dev.torc.uring;
    requires tools.jackson.databind;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires io.prometheus.metrics.model;

    exports dev.torc.examples;

    opens dev.torc.examples to
            tools.jackson.databind;
}
