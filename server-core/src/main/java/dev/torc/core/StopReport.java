package dev.torc.core;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a server could not finish before the deadline for its stop had passed.
///
/// @param cut connections that the deadline has ended, by what they were doing (`handler`: a
///   request was being handled, `response`: it was under way to its client, ...)
/// @param held shards that have not ended because something holds their thread, each with what it
///   attends to, such as the request whose handler does not return
public record StopReport(Map<String, Integer> cut, List<String> held) {
    public StopReport {
        cut = Collections.unmodifiableMap(new TreeMap<>(cut));
        held = List.copyOf(held);
    }

    /// Whether everything that was in flight has been finished, and every shard has ended.
    public boolean isFinished() {
        return cut.isEmpty() && held.isEmpty();
    }

    /// Connections that the deadline has ended.
    public int connectionsCut() {
        int sum = 0;
        for (int count : cut.values()) sum += count;
        return sum;
    }

    /// For a person: `everything in flight was finished`, or `cut 3 connections (2 handler, 1
    /// response)`.
    @Override
    public String toString() {
        if (isFinished()) return "everything in flight was finished";
        int connections = connectionsCut();
        StringBuilder text = new StringBuilder();
        if (connections > 0) {
            text.append("cut ").append(connections);
            text.append(connections == 1 ? " connection (" : " connections (");
            String comma = "";
            for (Map.Entry<String, Integer> some : cut.entrySet()) {
                text.append(comma).append(some.getValue()).append(' ').append(some.getKey());
                comma = ", ";
            }
            text.append(')');
        }
        String and = connections > 0 ? "; " : "";
        for (String holder : held) {
            text.append(and).append("still held: ").append(holder);
            and = "; ";
        }
        return text.toString();
    }
}
