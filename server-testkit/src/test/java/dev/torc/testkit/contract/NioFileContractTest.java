package dev.torc.testkit.contract;

import dev.torc.testkit.Network;

class NioFileContractTest extends KernelFileContract {
    private static final Network NETWORK = Network.loopback("nio");

    @Override
    protected Network network() {
        return NETWORK;
    }
}
