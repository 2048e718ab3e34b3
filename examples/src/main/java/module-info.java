/// Small programs, one for each idea.
module dev.torc.examples {
    requires static org.jspecify;
    requires transitive dev.torc.core;
    requires dev.torc.http;
    requires transitive dev.torc.uring;

    exports dev.torc.examples;
}
