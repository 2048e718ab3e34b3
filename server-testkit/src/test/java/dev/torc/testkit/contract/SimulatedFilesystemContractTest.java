package dev.torc.testkit.contract;

import dev.torc.testkit.Network;
import dev.torc.testkit.sim.Faults;
import dev.torc.testkit.sim.Simulation;

/// The transport on a simulated kernel, whose files are this machine's.
class SimulatedFilesystemContractTest extends FilesystemContract {
    private final Simulation simulation = Simulation.realTime(1, Faults.none());

    @Override
    protected Network network() {
        return simulation;
    }
}
