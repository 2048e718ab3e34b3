package dev.torc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/// What needs no transport; the rest is in the transports' contract.
class ServerTest {
    @Test
    void namesTheTransportsThatThereAre() {
        StartException refusal =
                assertThrows(
                        StartException.class,
                        () ->
                                Server.start(
                                        ServerConfig.defaults().withPort(0).withTransport("none"),
                                        _ -> {
                                            throw new AssertionError("no shard can start");
                                        }));
        assertEquals("there is no transport 'none': choose auto, nio", refusal.getMessage());
    }
}
