/// HTTP/1.1 on Torc's engine.
module dev.torc.http {
    requires static transitive org.jspecify;
    requires transitive dev.torc.core;

    exports dev.torc.http;
    exports dev.torc.http.file;
}
