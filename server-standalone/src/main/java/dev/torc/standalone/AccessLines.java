package dev.torc.standalone;

import dev.torc.http.Filter;
import dev.torc.http.Handler;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.standalone.doctor.TextStyle;

import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Writes a line for each request:
///
/// ```
/// 16:04:31 127.0.0.1 GET /app.js 200 4711 B 0.3 ms
/// ```
///
/// When, who, what, the status, the bytes of the body (`-` where its length is not known yet), and
/// how long it took until the answer began. Written by a thread of its own, so that a terminal that
/// is slow, or stopped by Ctrl-S, holds up nobody; lines for which there is no room then are
/// counted.
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
        String what = client(request) + " " + request.methodText() + " " + target;
        response.whenCommitted(() -> add(what, response, began));
        next.handle(request, response);
    }

    /// A dash for one that has gone already.
    private static String client(Request request) {
        InetSocketAddress address = request.remoteAddress();
        return address == null ? "-" : address.getAddress().getHostAddress();
    }

    private void add(String what, Response response, long began) {
        double millis = (System.nanoTime() - began) / (double) NANOS_PER_MILLI;
        LocalTime now = LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS);
        String status = mark(response.status().code());
        String bytes = response.bodyBytes() < 0 ? "-" : response.bodyBytes() + " B";
        String text = "%tT %s %s %s %.1f ms".formatted(now, plain(what), status, bytes, millis);
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
