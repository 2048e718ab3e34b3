package dev.torc.uring;

import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.Query;
import dev.torc.uring.abi.Syscalls;
import dev.torc.uring.constants.IoUring;

import java.lang.foreign.Arena;

/// What the kernel knows, asked without a ring (`IORING_REGISTER_QUERY`, 6.18).
///
/// @param operations how many `IORING_OP_` opcodes there are, from 0 on
/// @param registrations how many `IORING_REGISTER_` opcodes there are, from 0 on
/// @param features `IORING_FEAT_` bits
/// @param setupFlags `IORING_SETUP_` bits that it knows
/// @param enterFlags `IORING_ENTER_` bits that it knows
/// @param entryFlags `IOSQE_` bits that it knows
public record KernelQuery(
        int operations,
        int registrations,
        long features,
        long setupFlags,
        long enterFlags,
        long entryFlags) {

    private static final String NAME = "IORING_REGISTER_QUERY";
    private static final int NO_RING = -1;

    /// Asks the running kernel. Any thread.
    ///
    /// @throws UnsupportedException when it is older than 6.18
    /// @throws RingException when it does not answer
    public static KernelQuery ofThisKernel() {
        return of(Syscalls::new);
    }

    static KernelQuery of(Kernel.Source kernels) {
        try (Arena scratch = Arena.ofConfined()) {
            Kernel calls = kernels.open(scratch);
            Support.ofRelease(calls).require(NAME, 6, 18);
            long query = scratch.allocate(Query.BYTES, Long.BYTES).address();
            Query.putOpcodes(query);
            int opcode = IoUring.IORING_REGISTER_QUERY;
            RingException.check(NAME, calls.register(NO_RING, opcode, query, 0));
            RingException.check("IO_URING_QUERY_OPCODES", Math.min(Query.result(query), 0));
            return new KernelQuery(
                    Query.count(query, Query.NR_REQUEST_OPCODES),
                    Query.count(query, Query.NR_REGISTER_OPCODES),
                    Query.bits(query, Query.FEATURE_FLAGS),
                    Query.bits(query, Query.RING_SETUP_FLAGS),
                    Query.bits(query, Query.ENTER_FLAGS),
                    Query.bits(query, Query.SQE_FLAGS));
        }
    }
}
