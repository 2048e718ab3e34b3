package dev.torc.http;

import dev.torc.core.Shard;
import dev.torc.core.Slice;
import dev.torc.core.TimerWheel;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// What the server of an [HttpScenario] answers: at once, later, in pieces, never.
final class ScenarioRoutes {
    static final byte[] TEXT = Ask.bytes("Hello, World!");
    static final byte[] JSON = Ask.bytes("{\"message\":\"Hello, World!\",\"list\":[1,2,3]}");
    static final byte[] BYE = Ask.bytes("bye");

    private static final int LATER_NANOS_MAX = 50_000_000;

    private final SplittableRandom chance;
    private final List<Runnable> elsewhere = new ArrayList<>();
    private @Nullable String broken;
    private int bodiesOpen;

    ScenarioRoutes(SplittableRandom chance) {
        this.chance = chance;
    }

    /// The handler for one shard.
    Handler on(Shard shard) {
        return new Router()
                .get("/text", (_, response) -> response.send("Hello, World!"))
                .get(
                        "/json",
                        (_, response) ->
                                response.contentType(MediaType.APPLICATION_JSON).send(JSON))
                .post("/echo", (request, response) -> response.send(request.body()))
                .post("/streamed", Handlers.streaming((q, r) -> receive(shard, q, r)))
                .get(
                        "/fail",
                        (_, _) -> {
                            throw new IllegalStateException("thrown as the test wants");
                        })
                .get("/never", (_, _) -> {})
                .get("/bye", (_, response) -> response.header("Connection", "close").send(BYE))
                .get("/sized/{bytes}", (request, response) -> sized(shard, request, response))
                .get(
                        "/stream/{bytes}",
                        (request, response) -> stream(shard, request, response, false))
                .get(
                        "/broken/{bytes}",
                        (request, response) -> stream(shard, request, response, true))
                .get("/later/{n}", (request, response) -> later(shard, request, response))
                .get("/elsewhere/{n}", this::elsewhere)
                .post("/keep", (request, response) -> keep(shard, request, response));
    }

    /// Does what was left for another thread than the shard's. Called by that thread, while the
    /// shards are parked.
    void doElsewhere() {
        List<Runnable> now = List.copyOf(elsewhere);
        elsewhere.clear();
        now.forEach(Runnable::run);
    }

    /// With every connection gone.
    void check(String replay) {
        if (broken != null) throw new AssertionError(broken + replay);
        if (bodiesOpen > 0) throw new AssertionError(bodiesOpen + " bodies never ended" + replay);
    }

    private static int number(Request request, String name) {
        return Integer.parseInt(request.pathParameter(name));
    }

    private void sized(Shard shard, Request request, Response response) {
        int bytes = number(request, "bytes");
        response.contentLength(bytes).stream(new PatternBody(shard, response, bytes, false));
    }

    private void stream(Shard shard, Request request, Response response, boolean breaks) {
        response.stream(new PatternBody(shard, response, number(request, "bytes"), breaks));
    }

    private void later(Shard shard, Request request, Response response) {
        String text = "later " + number(request, "n");
        after(shard, () -> response.send(text));
    }

    private void elsewhere(Request request, Response response) {
        String text = "elsewhere " + number(request, "n");
        elsewhere.add(() -> response.send(text));
    }

    private void keep(Shard shard, Request request, Response response) {
        request.retain();
        Runnable answer = () -> response.send(request.bodyBytes());
        if (chance.nextBoolean()) {
            elsewhere.add(answer);
        } else {
            after(shard, answer);
        }
    }

    private void receive(Shard shard, Request request, Response response) {
        EchoedBody body = new EchoedBody(shard, request, response);
        switch (chance.nextInt(3)) {
            case 0 -> body.begin();
            case 1 -> after(shard, body::begin);
            default -> elsewhere.add(body::begin);
        }
    }

    private void after(Shard shard, Runnable action) {
        TimerWheel.Timer timer =
                new TimerWheel.Timer() {
                    @Override
                    protected void onExpire(long nowNanos) {
                        action.run();
                    }
                };
        shard.timers().schedule(timer, shard.nowNanos() + chance.nextLong(LATER_NANOS_MAX));
    }

    private void expect(boolean kept, String what) {
        if (!kept && broken == null) broken = what;
    }

    /// Sends back what it gets, with pauses. Watches over what a consumer is promised.
    private final class EchoedBody implements BodyConsumer {
        private final Shard shard;
        private final Request request;
        private final Response response;
        private final ByteArrayOutputStream all = new ByteArrayOutputStream();
        private boolean paused;
        private boolean ended;

        EchoedBody(Shard shard, Request request, Response response) {
            this.shard = shard;
            this.request = request;
            this.response = response;
        }

        void begin() {
            bodiesOpen++;
            request.receive(this);
        }

        @Override
        public void onPiece(Slice piece) {
            check();
            all.writeBytes(piece.toBytes());
            if (chance.nextInt(3) > 0) return;
            paused = true;
            request.pauseReceive();
            Runnable resume =
                    () -> {
                        paused = false;
                        request.resumeReceive();
                    };
            switch (chance.nextInt(3)) {
                case 0 -> resume.run();
                case 1 -> after(shard, resume);
                default -> elsewhere.add(resume);
            }
        }

        @Override
        public void onEnd() {
            check();
            end();
            response.send(all.toByteArray());
        }

        @Override
        public void onFailure(IOException failure) {
            end();
        }

        private void check() {
            expect(!ended, "a body consumer was called after its end");
            expect(!paused, "a body consumer was called while paused");
            expect(shard.isCurrent(), "a body consumer was called on another thread");
        }

        private void end() {
            expect(!ended, "a body consumer was ended twice");
            ended = true;
            bodiesOpen--;
        }
    }

    /// A pattern in pieces of any size, with pauses. Watches over what a producer is promised.
    private final class PatternBody implements BodyProducer {
        private final Shard shard;
        private final Response response;
        private final int total;
        private final boolean breaks;
        private int produced;
        private boolean ended;
        private boolean failed;

        PatternBody(Shard shard, Response response, int total, boolean breaks) {
            this.shard = shard;
            this.response = response;
            this.total = total;
            this.breaks = breaks;
            bodiesOpen++;
        }

        @Override
        public Progress produce(Slice buffer) {
            expect(!ended && !failed, "a body producer was asked after its end");
            expect(shard.isCurrent(), "a body producer was asked on another thread");
            int room = Math.min(total - produced, buffer.remaining());
            int bytes = room == 0 ? 0 : 1 + chance.nextInt(room);
            for (int i = 0; i < bytes; i++) {
                buffer.append(new byte[] {Ask.patternAt(produced + i)}, 0, 1);
            }
            produced += bytes;
            if (produced == total && breaks) {
                failed = true;
                throw new IllegalStateException("thrown as the test wants");
            }
            if (produced == total) {
                end();
                return Progress.DONE;
            }
            if (chance.nextInt(3) > 0) return Progress.MORE;
            if (chance.nextBoolean()) {
                elsewhere.add(response::resume);
            } else {
                after(shard, response::resume);
            }
            return Progress.LATER;
        }

        @Override
        public void abandon() {
            end();
        }

        private void end() {
            expect(!ended, "a body producer was ended twice");
            ended = true;
            bodiesOpen--;
        }
    }
}
