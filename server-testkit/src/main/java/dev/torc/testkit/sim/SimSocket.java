package dev.torc.testkit.sim;

import java.net.Socket;
import java.net.SocketException;

/// A client's socket in the simulated network, for any code that knows [Socket].
final class SimSocket extends Socket {
    SimSocket(World world, Machine machine) throws SocketException {
        super(new SimSocketEnd(world, machine));
    }
}
