package dev.torc.testkit.contract;

import dev.torc.testkit.Network;

class NioFilesystemContractTest extends FilesystemContract {
    private static final Network NETWORK = Network.loopback("nio");

    @Override
    protected Network network() {
        return NETWORK;
    }
}
