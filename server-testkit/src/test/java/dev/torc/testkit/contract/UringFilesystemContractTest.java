package dev.torc.testkit.contract;

import dev.torc.testkit.Network;

class UringFilesystemContractTest extends FilesystemContract {
    private static final Network NETWORK = Network.loopback("uring");

    @Override
    protected Network network() {
        return NETWORK;
    }
}
