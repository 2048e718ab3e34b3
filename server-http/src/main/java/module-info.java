/// HTTP/1.1 on Torc's engine.
module dev.torc.http {
    requires static transitive org.jspecify;
    requires transitive dev.torc.core;
    requires static java.management;
    requires static micrometer.core;
    requires static io.prometheus.metrics.model;
    requires static tools.jackson.databind;

    exports dev.torc.http;
    exports dev.torc.http.file;
    exports dev.torc.http.json;
    exports dev.torc.http.log;
    exports dev.torc.http.metrics;
}
