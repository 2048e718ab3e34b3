package dev.torc.http.metrics;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.torc.http.Method;

/// Three requests of two combinations that no names of meters tell apart: one that was cut is only
/// told by its outcome or its type of error, where something else stands already.
final class SameTags {
    private SameTags() {}

    /// They took 10, 20 and 30 ns, and got a byte each.
    static void record(RequestMetrics metrics) {
        LatencyHistogram whole = part(metrics, false);
        LatencyHistogram cut = part(metrics, true);
        whole.record(1, 10, 1);
        whole.record(1, 20, 1);
        cut.record(1, 30, 1);
    }

    private static LatencyHistogram part(RequestMetrics metrics, boolean cut) {
        // The outcome of 999 is UNKNOWN, whether the answer was cut or not.
        RequestKey key = new RequestKey("/a", Method.GET, 999, "SomeException", cut);
        LatencyHistogram part = metrics.newPart(key);
        assertNotNull(part);
        return part;
    }
}
