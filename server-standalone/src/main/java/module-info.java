/// The `torc` command.
module dev.torc.standalone {
    requires static org.jspecify;
    requires dev.torc.http;
    requires dev.torc.uring;
    requires info.picocli;
    requires java.logging;
    requires tools.jackson.databind;

    opens dev.torc.standalone to
            info.picocli,
            tools.jackson.databind;
}
