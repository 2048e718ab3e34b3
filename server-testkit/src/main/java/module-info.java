/// Tests for servers built on Torc and for Torc's own transports.
module dev.torc.testkit {
    requires static transitive org.jspecify;
    requires transitive dev.torc.core;
    requires dev.torc.uring;
    requires transitive java.logging;
    requires transitive org.junit.jupiter.api;
    requires transitive org.junit.jupiter.params;

    exports dev.torc.testkit;
    exports dev.torc.testkit.contract;
    exports dev.torc.testkit.sim;

    opens dev.torc.testkit to
            org.junit.platform.commons;
    opens dev.torc.testkit.contract to
            org.junit.platform.commons;
}
