package dev.torc.http;

import java.util.function.IntPredicate;

/// What the values of a path parameter such as `{id:int}` look like. A value that does not is no
/// match: the next candidate is tried, and in the end the answer is 404.
///
/// A type is an automaton. It is shown the octets of the value, percent-decoded, one after the
/// other, and answers with a state; so it takes one step for each octet whatever a peer sends, and
/// has nothing to allocate. [#of(int, int, IntPredicate)] makes the simple ones. Called by all
/// shards at once.
public interface ParameterType {
    /// The state that refuses the value.
    int REFUSED = -1;

    /// The state after one more octet (0 to 255); 0 is the one before the first. [#REFUSED], or any
    /// negative number, refuses the value.
    int next(int state, int octet);

    /// Whether a value may end in this state.
    boolean isComplete(int state);

    /// From `octetsMin` to `octetsMax` octets, each of which is `allowed`. A character outside of
    /// ASCII is two to four octets from 128 on.
    static ParameterType of(int octetsMin, int octetsMax, IntPredicate allowed) {
        if (octetsMin < 1 || octetsMax < octetsMin) {
            throw new IllegalArgumentException(
                    "a value has at least one octet: octetsMin="
                            + octetsMin
                            + ", octetsMax="
                            + octetsMax);
        }
        return new Octets(octetsMin, octetsMax, allowed);
    }

    /// What [#of(int, int, IntPredicate)] makes. The state counts octets.
    record Octets(int min, int max, IntPredicate allowed) implements ParameterType {
        @Override
        public int next(int state, int octet) {
            return state < max && allowed.test(octet) ? state + 1 : REFUSED;
        }

        @Override
        public boolean isComplete(int state) {
            return state >= min;
        }
    }
}
