package dev.torc.uring;

import dev.torc.uring.constants.IoUring;

import java.util.ArrayList;
import java.util.List;

/// What a kernel offers a ring; all names without their prefix (`SEND_ZC`).
///
/// @param supported operations it knows
/// @param missing operations that Linux 6.18 knows and it does not
/// @param setup the set-up flags in use
/// @param setupMissing set-up flags that [Ring#open] would use and this kernel does not know
/// @param features the features that it says it has
/// @param featuresMissing features that Linux 6.18 has and it has not
public record Probe(
        List<String> supported,
        List<String> missing,
        List<String> setup,
        List<String> setupMissing,
        List<String> features,
        List<String> featuresMissing) {

    /// Asks by way of a small ring.
    ///
    /// @throws RingException when this process cannot have one
    public static Probe ofThisKernel() {
        try (Ring ring = Ring.open(8, 16)) {
            return ring.probe();
        }
    }

    static Probe of(Ring ring) {
        Support support = ring.support();
        List<String> supported = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<String> names = IoUring.opcodeNames();
        for (int opcode = 0; opcode < names.size(); opcode++) {
            (support.hasOperation(opcode) ? supported : missing).add(names.get(opcode));
        }
        int setup = ring.setupFlags();
        int features = support.features();
        return new Probe(
                List.copyOf(supported),
                List.copyOf(missing),
                names(IoUring.setupNames(), setup),
                names(IoUring.setupNames(), RingOpening.BEST_FLAGS & ~setup),
                names(IoUring.featureNames(), features),
                names(IoUring.featureNames(), ~features));
    }

    private static List<String> names(List<String> byBit, int bits) {
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < byBit.size(); bit++) {
            if ((bits >>> bit & 1) != 0) names.add(byBit.get(bit));
        }
        return List.copyOf(names);
    }
}
