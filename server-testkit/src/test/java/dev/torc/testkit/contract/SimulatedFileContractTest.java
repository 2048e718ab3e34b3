package dev.torc.testkit.contract;

import dev.torc.testkit.Network;
import dev.torc.testkit.sim.Faults;
import dev.torc.testkit.sim.Simulation;

/// The transport on a simulated kernel, which has no zero-copy: there every strategy copies.
class SimulatedFileContractTest extends FileContract {
    private final Simulation simulation = Simulation.realTime(1, Faults.none());

    @Override
    protected Network network() {
        return simulation;
    }
}
