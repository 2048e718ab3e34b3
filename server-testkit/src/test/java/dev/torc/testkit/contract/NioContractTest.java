package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.Network;

import org.junit.jupiter.api.Test;

class NioContractTest extends KernelContract {
    private static final Network NETWORK = Network.loopback("nio");

    @Override
    protected Network network() {
        return NETWORK;
    }

    @Test
    void worksEverywhereAndNamesItsSelector() {
        String reason = NETWORK.transport().verdict().reason();
        assertTrue(reason.contains("java.nio selector") && reason.contains("sun.nio.ch."), reason);
    }
}
