package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IORING_RESTRICTION_REGISTER_OP;
import static dev.torc.uring.constants.IoUring.IORING_RESTRICTION_SQE_FLAGS_ALLOWED;
import static dev.torc.uring.constants.IoUring.IORING_RESTRICTION_SQE_FLAGS_REQUIRED;
import static dev.torc.uring.constants.IoUring.IORING_RESTRICTION_SQE_OP;

import dev.torc.uring.abi.Restriction;

import java.util.ArrayList;
import java.util.List;

/// What a ring may still do once it is enabled: nothing but what is allowed here. A value; each
/// method returns another one. See [Registrations#restrict(Restrictions)].
///
/// ```java
/// Restrictions.none().allowOperations(IORING_OP_READ).requireFlags(IOSQE_FIXED_FILE)
/// ```
///
/// A ring that may register its own descriptor (`RING_FDS`) should be allowed to take that back as
/// well (`UNREGISTER_RING_FDS`): otherwise it lives until its thread ends.
///
/// A ring that may not do `IORING_OP_ASYNC_CANCEL` cannot end what is outstanding when it is
/// closed: memory that such operations hold is then never freed.
public final class Restrictions {
    private static final int BYTE_MAX = 0xff;
    private static final Restrictions NONE = new Restrictions(List.of());

    private final List<Rule> rules;

    private record Rule(int kind, int value) {}

    private Restrictions(List<Rule> rules) {
        this.rules = rules;
    }

    /// Nothing is allowed.
    public static Restrictions none() {
        return NONE;
    }

    /// Allows calls of `io_uring_register(2)` with these `IORING_REGISTER_` and
    /// `IORING_UNREGISTER_` opcodes.
    public Restrictions allowRegistrations(int... opcodes) {
        return with(IORING_RESTRICTION_REGISTER_OP, "opcode", opcodes);
    }

    /// Allows operations with these `IORING_OP_` opcodes.
    public Restrictions allowOperations(int... opcodes) {
        return with(IORING_RESTRICTION_SQE_OP, "opcode", opcodes);
    }

    /// Allows entries to have these `IOSQE_` flags.
    public Restrictions allowFlags(int flags) {
        return with(IORING_RESTRICTION_SQE_FLAGS_ALLOWED, "flags", flags);
    }

    /// Refuses entries that have not all of these `IOSQE_` flags; they need not be allowed as well.
    public Restrictions requireFlags(int flags) {
        return with(IORING_RESTRICTION_SQE_FLAGS_REQUIRED, "flags", flags);
    }

    int count() {
        return rules.size();
    }

    /// Writes them one behind the other.
    void write(long address) {
        long next = address;
        for (Rule rule : rules) {
            Restriction.put(next, rule.kind(), rule.value());
            next += Restriction.BYTES;
        }
    }

    private Restrictions with(int kind, String name, int... values) {
        List<Rule> more = new ArrayList<>(rules);
        for (int value : values) {
            more.add(new Rule(kind, Arguments.requireRange(name, value, 0, BYTE_MAX)));
        }
        return new Restrictions(List.copyOf(more));
    }
}
