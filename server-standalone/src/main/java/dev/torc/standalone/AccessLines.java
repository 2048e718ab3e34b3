package dev.torc.standalone;

import dev.torc.http.Filter;
import dev.torc.http.Handler;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.standalone.doctor.TextStyle;

import java.io.PrintStream;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Writes a line for each request: when, what, the status, and how long it took to answer. Written
/// by a thread of its own, so that a terminal that is slow, or stopped by Ctrl-S, holds up nobody;
/// lines for which there is no room then are counted.
final class AccessLines implements Filter {
    private static final int WAITING_MAX = 1000;
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final int RED = 31;
    private static final int GREEN = 32;
    private static final int YELLOW = 33;
    private static final int CYAN = 36;

    private final PrintStream out;
    private final TextStyle style;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(WAITING_MAX);
    private final AtomicLong lost = new AtomicLong();

    AccessLines(PrintStream out, TextStyle style) {
        this.out = out;
        this.style = style;
        Thread.ofPlatform().daemon().name("torc-access-lines").start(this::write);
    }

    @Override
    public void handle(Request request, Response response, Handler next) throws Exception {
        long began = System.nanoTime();
        String query = request.rawQuery();
        String target = request.rawPath() + (query == null ? "" : "?" + query);
        String what = request.methodText() + " " + target;
        response.whenCommitted(() -> add(what, response.status().code(), began));
        next.handle(request, response);
    }

    private void add(String what, int status, long began) {
        double millis = (System.nanoTime() - began) / (double) NANOS_PER_MILLI;
        LocalTime now = LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS);
        String text = "%tT %s %s %.1f ms".formatted(now, mark(status), plain(what), millis);
        if (!lines.offer(text)) lost.incrementAndGet();
    }

    private String mark(int status) {
        int color =
                switch (status / 100) {
                    case 2 -> GREEN;
                    case 3 -> CYAN;
                    case 4 -> YELLOW;
                    default -> RED;
                };
        return style.colored(color, Integer.toString(status));
    }

    /// Nothing that a terminal would obey.
    private static String plain(String text) {
        StringBuilder plain = new StringBuilder(text);
        for (int i = 0; i < plain.length(); i++) {
            if (plain.charAt(i) <= ' ' || plain.charAt(i) > '~') {
                plain.setCharAt(i, plain.charAt(i) == ' ' ? ' ' : '?');
            }
        }
        return plain.toString();
    }

    private void write() {
        try {
            while (true) {
                out.println(lines.take());
                long missing = lost.getAndSet(0);
                if (missing > 0) out.println("(" + missing + " lines are missing here)");
                if (lines.isEmpty()) out.flush();
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }
}
