package dev.torc.uring;

import dev.torc.uring.abi.IoUring;
import dev.torc.uring.abi.ProbeOps;

import java.util.ArrayList;
import java.util.List;

/// What a kernel offers a ring.
///
/// @param supported operations it knows, by their names without prefix (`SEND_ZC`)
/// @param missing operations that Linux 6.18 knows and it does not
/// @param setup the set-up flags in use
public record Probe(List<String> supported, List<String> missing, List<String> setup) {
    static Probe read(long ops, int setupFlags) {
        List<String> supported = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<String> names = IoUring.opcodeNames();
        for (int opcode = 0; opcode < names.size(); opcode++) {
            (ProbeOps.supports(ops, opcode) ? supported : missing).add(names.get(opcode));
        }
        List<String> setup = new ArrayList<>();
        addIf(setup, setupFlags, IoUring.IORING_SETUP_SINGLE_ISSUER, "SINGLE_ISSUER");
        addIf(setup, setupFlags, IoUring.IORING_SETUP_DEFER_TASKRUN, "DEFER_TASKRUN");
        addIf(setup, setupFlags, IoUring.IORING_SETUP_COOP_TASKRUN, "COOP_TASKRUN");
        addIf(setup, setupFlags, IoUring.IORING_SETUP_NO_SQARRAY, "NO_SQARRAY");
        return new Probe(List.copyOf(supported), List.copyOf(missing), List.copyOf(setup));
    }

    private static void addIf(List<String> names, int flags, int flag, String name) {
        if ((flags & flag) != 0) names.add(name);
    }
}
