package dev.torc.testkit.contract;

import dev.torc.testkit.Network;

class NioContractTest extends TransportContract {
    private static final Network NETWORK = Network.loopback("nio");

    @Override
    protected Network network() {
        return NETWORK;
    }
}
