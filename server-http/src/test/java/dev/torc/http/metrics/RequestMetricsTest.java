package dev.torc.http.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.LogRecords;
import dev.torc.http.Method;
import dev.torc.testkit.Await;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

class RequestMetricsTest {
    private static String text(RequestSeries series) {
        RequestKey key = series.key();
        String what = key.uri() + " " + key.method() + " " + key.status();
        return what + " " + key.failure() + " x" + series.count();
    }

    private static RequestKey key(int status) {
        return new RequestKey("/", Method.GET, status, null, false);
    }

    @Test
    void tellsRoutesStatusesAndFailuresApart() throws Exception {
        try (LogRecords _ = new LogRecords("dev.torc.http");
                MetricsServer server = new MetricsServer()) {
            server.get("/hello/a", "/hello/b", "/lost", "/fails");
            List<String> seen =
                    server.metrics.series().stream()
                            .map(RequestMetricsTest::text)
                            .sorted()
                            .toList();
            assertEquals(
                    List.of(
                            "/fails GET 500 UnsupportedOperationException x1",
                            "/hello/{name} GET 200 null x2",
                            "NOT_FOUND GET 404 null x1"),
                    seen);
        }
    }

    @Test
    void namesAFailureOfAnAnonymousClass() throws Exception {
        try (LogRecords _ = new LogRecords("dev.torc.http");
                MetricsServer server = new MetricsServer()) {
            server.get("/fails/anonymously");
            RequestKey key = server.metrics.series().iterator().next().key();
            String name = MetricsServer.class.getName() + "$1";
            assertEquals(name, key.failure());
            assertEquals(name, key.errorType());
        }
    }

    @Test
    void countsWhatIsNoRequest() throws Exception {
        try (MetricsServer server = new MetricsServer()) {
            try (TestClient client = TestClient.connect(server.server)) {
                assertEquals(400, client.send("nonsense\r\n\r\n").reply().status());
            }
            Await.until("it is counted", () -> server.metrics.count() == 1);
            RequestKey key = server.metrics.series().iterator().next().key();
            assertEquals(new RequestKey("", Method.OTHER, 400, null, false), key);
            assertEquals("UNKNOWN", key.uri());
        }
    }

    @Test
    void tellsListenersOfOldAndNewSeries() {
        RequestMetrics metrics = new RequestMetrics();
        List<RequestKey> told = new CopyOnWriteArrayList<>();
        assertNotNull(metrics.newPart(key(200)));
        metrics.onSeries(series -> told.add(series.key()));
        assertNotNull(metrics.newPart(key(201)));
        Await.until("both are told", () -> told.containsAll(List.of(key(200), key(201))));
    }

    @Test
    void addsUpWhatShardsCountOfTheSame() {
        RequestMetrics metrics = new RequestMetrics();
        LatencyHistogram first = metrics.newPart(key(200));
        LatencyHistogram second = metrics.newPart(key(200));
        assertNotNull(first);
        assertNotNull(second);
        first.record(1, 10, 1);
        second.record(1, 20, 2);
        RequestSeries series = metrics.series().iterator().next();
        assertEquals(2, series.count());
        assertEquals(30, series.nanos());
        assertEquals(20, series.nanosMax());
        assertEquals(3, series.bytes());
        assertEquals(1, metrics.series().size());
    }

    @Test
    void doesNotGrowWithoutBound() {
        RequestMetrics metrics = new RequestMetrics();
        for (int i = 0; i < RequestMetrics.SERIES_MAX; i++) assertNotNull(metrics.newPart(key(i)));
        assertNull(metrics.newPart(key(-1)));
        assertNotNull(metrics.newPart(key(0)), "one that is known");
        assertNotNull(metrics.newPart(RequestKey.REST));
        assertTrue(metrics.series().size() <= RequestMetrics.SERIES_MAX + 1);
    }
}
