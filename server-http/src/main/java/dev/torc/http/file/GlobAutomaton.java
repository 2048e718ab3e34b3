package dev.torc.http.file;

import dev.torc.core.memory.Memory;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One alternative of a [Glob] as a non-deterministic automaton whose states are the bits of a
/// `long`: bit `i` is before part `i` of the pattern, and one shift moves them all. So a byte costs
/// a few operations, and no path makes it start over.
///
/// What the pattern starts with up to its first wildcard is compared as it is, and takes no states.
///
/// Immutable; any thread; matching allocates nothing.
final class GlobAutomaton {
    private static final int STATES_MAX = Long.SIZE;

    private final byte[] prefix;
    private final long[] consuming; // for each byte, the parts that it is, and ends
    private final long[] staying; // for each byte, the parts that it is one of many of
    private final long returning; // parts that a slash ends, to begin the part before once more
    private final long optional; // parts that may be left out, with how many after them
    private final long optionalPairs;
    private final long accepting;

    private GlobAutomaton(Builder builder) {
        prefix = Arrays.copyOf(builder.prefix, builder.prefix.length);
        consuming = builder.consuming;
        staying = builder.staying;
        returning = builder.returning;
        optional = builder.optional;
        optionalPairs = builder.optionalPairs;
        accepting = 1L << builder.states;
    }

    boolean matches(long address, int length) {
        if (length < prefix.length) return false;
        for (int i = 0; i < prefix.length; i++) {
            if (Memory.getByte(address + i) != prefix[i]) return false;
        }
        long states = closure(1);
        for (int i = prefix.length; i < length && states != 0; i++) {
            states = closure(next(states, Memory.getByte(address + i)));
        }
        return (states & accepting) != 0;
    }

    private long next(long states, byte octet) {
        int column = octet & 0xff;
        long back = octet == '/' ? (states & returning) >>> 1 : 0;
        return (states & consuming[column]) << 1 | (states & staying[column]) | back;
    }

    /// These states and those that they reach by leaving out parts.
    private long closure(long states) {
        long more = states;
        do {
            states = more;
            more |= (states & optional) << 1 | (states & optionalPairs) << 2;
        } while (more != states);
        return states;
    }

    /// Puts an automaton together, part by part.
    static final class Builder {
        private static final int BYTES = 256;

        private final String pattern;
        private final long[] consuming = new long[BYTES];
        private final long[] staying = new long[BYTES];
        private byte[] prefix = {};
        private long returning;
        private long optional;
        private long optionalPairs;
        private int states;

        Builder(String pattern) {
            this.pattern = pattern;
        }

        void literal(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            if (states == 0) {
                int length = prefix.length;
                prefix = Arrays.copyOf(prefix, length + bytes.length);
                System.arraycopy(bytes, 0, prefix, length, bytes.length);
                return;
            }
            for (byte octet : bytes) consuming[octet & 0xff] |= state();
        }

        /// One character of a name: its first byte, and those that continue it in UTF-8.
        void one() {
            long first = state();
            long more = state();
            for (int octet = 0; octet < BYTES; octet++) {
                boolean continues = (octet & 0xc0) == 0x80;
                if (continues) staying[octet] |= more;
                else if (octet != '/') consuming[octet] |= first;
            }
            optional |= more;
        }

        /// Any number of bytes of a name.
        void star() {
            long state = state();
            mark(staying, state);
            optional |= state;
        }

        /// Any number of names, each with a slash behind it: the first byte of a name goes from the
        /// first state to the second, the slash back to the first.
        void directories() {
            long outside = state();
            long inside = state();
            mark(consuming, outside);
            mark(staying, inside);
            returning |= inside;
            optionalPairs |= outside;
        }

        /// Whatever is left.
        void everything() {
            long state = state();
            mark(staying, state);
            staying['/'] |= state;
            optional |= state;
        }

        GlobAutomaton build() {
            return new GlobAutomaton(this);
        }

        /// All bytes of names.
        private static void mark(long[] columns, long state) {
            for (int octet = 0; octet < BYTES; octet++) {
                if (octet != '/') columns[octet] |= state;
            }
        }

        private long state() {
            Glob.check(
                    states < STATES_MAX - 1,
                    pattern,
                    "has more than " + (STATES_MAX - 1) + " characters from its first wildcard on");
            return 1L << states++;
        }
    }
}
