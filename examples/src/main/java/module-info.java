/// Small programs, one for each idea.
module dev.torc.examples {
    requires static org.jspecify;
    requires dev.torc.http;

    exports dev.torc.examples;
}
