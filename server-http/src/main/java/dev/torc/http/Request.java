package dev.torc.http;

import dev.torc.core.Shard;
import dev.torc.core.Slice;
import dev.torc.core.Throttle;
import dev.torc.http.ParameterTypes.Named;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.Exchange;
import dev.torc.http.message.Fields;
import dev.torc.http.message.RequestHead;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;

/// One request: its head and its body, as views on the memory that it was received in. The body is
/// there as a whole unless the handler [streams][Handlers#streaming(Handler)] it.
///
/// Borrowed until the handler returns, unless [retained][#retain()]. Methods that return text
/// allocate it; nothing is decoded that is not asked for.
public final class Request {
    private static final byte[] ACCEPT = Ascii.bytes("accept");
    private final RequestHead head;
    private final Exchange exchange;
    private final RequestRoute route;
    private final RequestId id = new RequestId();
    private final Slice body = Slice.window();
    private @Nullable String accept;
    private Trailers trailers = Trailers.NONE;
    private boolean received;
    private boolean valid;

    /// For protocols.
    @SuppressWarnings("exports")
    public Request(RequestHead head, Exchange exchange) {
        this.head = head;
        this.exchange = exchange;
        route = new RequestRoute(head);
    }

    /// [Method#OTHER] for one that Torc has no name for; see [#methodText()].
    public Method method() {
        checkValid();
        return head.method();
    }

    /// The method as it was sent.
    public String methodText() {
        checkValid();
        return head.methodText();
    }

    /// The path as it was sent, percent-encoded, without the query.
    public String rawPath() {
        checkValid();
        return head.path();
    }

    /// The query as it was sent, percent-encoded, without its `?`; null if there is none.
    public @Nullable String rawQuery() {
        checkValid();
        return head.hasQuery() ? head.query() : null;
    }

    /// The parameters of the query, decoded. Check [QueryParameters#problem()] before answering for
    /// what is missing.
    public QueryParameters query() {
        checkValid();
        return QueryParameters.of(head);
    }

    /// The value that the route's `{name}` matched, percent-decoded.
    ///
    /// @throws IllegalArgumentException when the route has no such parameter
    public String pathParameter(String name) {
        int index = parameter(name);
        String value = PercentDecoding.text(route.valueStart(index), route.valueLength(index));
        if (value == null) throw new IllegalStateException("a matched path is well-formed");
        return value;
    }

    /// The value of the route's `{name:int}`. Allocates nothing.
    ///
    /// @throws IllegalArgumentException when the route has no such parameter
    public int pathInt(String name) {
        int index = parameter(name, ParameterTypes.INT, ParameterTypes.INT);
        return (int) PathValues.number(route.valueStart(index), route.valueEnd(index));
    }

    /// The value of the route's `{name:long}` or `{name:int}`. Allocates nothing.
    ///
    /// @throws IllegalArgumentException when the route has no such parameter
    public long pathLong(String name) {
        int index = parameter(name, ParameterTypes.LONG, ParameterTypes.INT);
        return PathValues.number(route.valueStart(index), route.valueEnd(index));
    }

    /// The value of the route's `{name:uuid}`.
    ///
    /// @throws IllegalArgumentException when the route has no such parameter
    public UUID pathUuid(String name) {
        int index = parameter(name, ParameterTypes.UUID, ParameterTypes.UUID);
        return PathValues.uuid(route.valueStart(index), route.valueEnd(index));
    }

    /// What tells this request from others in logs: the peer's `X-Request-Id` if it sent one, of up
    /// to 128 letters, digits and `-_.:+/=`, else 32 random hex digits. Stays when the request is
    /// over. [RequestIds] puts it on the response.
    public String id() {
        return identified().toString();
    }

    /// The template of the route that matched, such as `/hello/{name}`; empty outside of a router.
    public String routeTemplate() {
        return route.template();
    }

    /// For handlers of files: where the value of the route's `{name...}` starts, as it was sent,
    /// percent-encoded.
    ///
    /// @throws IllegalArgumentException when the route has no such parameter
    public long rawParameterAddress(String name) {
        return route.valueStart(parameter(name));
    }

    /// For handlers of files: how many bytes that value has.
    public int rawParameterLength(String name) {
        return route.valueLength(parameter(name));
    }

    /// For handlers of files: what was sent as fields.
    @SuppressWarnings("exports")
    public Fields fields() {
        checkValid();
        return head.fields();
    }

    /// The shard that serves it. From any thread.
    public Shard shard() {
        return exchange.shard();
    }

    /// The address that the client, or a proxy of it, connects from; null if it had gone before
    /// anyone asked. Only on the shard's thread. Whoever asks first on a connection allocates and,
    /// on `uring`, enters the kernel.
    public @Nullable InetSocketAddress remoteAddress() {
        checkValid();
        return exchange.remoteAddress();
    }

    /// The value of the first field with this name, in any case; null if there is none.
    public @Nullable String header(String name) {
        checkValid();
        int index = head.find(lowerCase(name));
        return index < 0 ? null : head.fields().value(index);
    }

    /// The values of all fields with this name, in the order they were sent.
    public List<String> headers(String name) {
        checkValid();
        byte[] wanted = lowerCase(name);
        List<String> values = new ArrayList<>();
        for (int i = head.find(wanted); i >= 0; i = head.fields().find(wanted, i + 1)) {
            values.add(head.fields().value(i));
        }
        return values;
    }

    /// Fields sent.
    public int headerCount() {
        checkValid();
        return head.headerCount();
    }

    /// The name of the field at `index`, as it was sent.
    public String headerName(int index) {
        checkValid();
        return head.fields().name(index);
    }

    /// The value of the field at `index`.
    public String headerValue(int index) {
        checkValid();
        return head.fields().value(index);
    }

    /// The whole body; empty if there is none. Borrowed like the request.
    ///
    /// @throws IllegalStateException when it is streamed, so that it is not there
    public Slice body() {
        checkValid();
        if (exchange.streamsBody()) {
            throw new IllegalStateException(
                    "the body is streamed: use receive(...) or inputStream()");
        }
        return body;
    }

    /// The whole body as a new array.
    public byte[] bodyBytes() {
        return body().toBytes();
    }

    /// The whole body, taken for UTF-8.
    public String bodyText() {
        return body().toText(StandardCharsets.UTF_8);
    }

    /// The whole body as JSON, read by the router's codec.
    ///
    /// @throws StatusException 415 when the body is not said to be JSON, or not in UTF-8; 400 when
    ///   it is not, or does not fit the type. Let it pass: the answer says what is wrong
    @SuppressWarnings("unchecked") // a codec reads what it is asked for
    public <T> T json(Class<T> type) {
        checkValid();
        return (T) JsonBody.read(this, jsonCodec(), type);
    }

    /// Like [#json(Class)], for a type with arguments: `json(new GenericType<List<User>>() {})`.
    @SuppressWarnings("unchecked")
    public <T> T json(GenericType<T> type) {
        checkValid();
        return (T) JsonBody.read(this, jsonCodec(), type.type());
    }

    /// Receives the body as it arrives: in a [streaming][Handlers#streaming(Handler)] handler, or
    /// later, from any thread. The first pieces come when the handler has returned. A body that is
    /// whole already is handed over in one piece, within this call.
    ///
    /// A peer that [waits for a 100][Handlers#streaming(Handler)] before it sends the body is told
    /// to go on by this call. What has not arrived when the response is complete is not received
    /// any more.
    ///
    /// @throws IllegalStateException when the body was asked for before
    public void receive(BodyConsumer consumer) {
        Objects.requireNonNull(consumer);
        claimBody();
        receiveNow(consumer);
    }

    /// Hands nothing more to the [consumer][#receive(BodyConsumer)], and receives nothing from the
    /// connection: at once on the shard's thread, as within `onPiece`; soon from any other.
    public void pauseReceive() {
        exchange.onShard(exchange::pauseReceive);
    }

    /// Receives again. From any thread, also within a consumer's call.
    public void resumeReceive() {
        exchange.onShard(exchange::resumeReceive);
    }

    /// A stream to read the body from, which blocks while nothing is there: only for a
    /// [blocking][Handlers#blocking(Handler)] handler, and useful in one that is
    /// [streaming][Handlers#streaming(Handler)] as well. The first read asks for the body, as
    /// [#receive(BodyConsumer)] does. Holds 128 KiB, or one piece more; while it is full the
    /// connection is not received from. Closing it drops the rest. An `IOException` says that the
    /// body will not be complete.
    public InputStream inputStream() {
        if (exchange.shard().isCurrent()) {
            throw new IllegalStateException(
                    "inputStream() blocks: use it in Handlers.blocking(...), or receive(...)");
        }
        claimBody();
        return exchange.streamsBody() ? new BodyInput(this) : new ByteArrayInputStream(bodyBytes());
    }

    /// The fields behind a chunked body; none before its end, which is in or after
    /// [BodyConsumer#onEnd()], once [#inputStream()] has ended, or from the start if the body is
    /// whole. Stay when the request is over.
    public Trailers trailers() {
        return trailers;
    }

    /// Keeps the request valid beyond the handler's return, for as long as it is referred to.
    /// Copies head and body; only within the handler's call.
    public void retain() {
        checkValid();
        exchange.retain();
    }

    void receiveNow(BodyConsumer consumer) {
        exchange.onShard(() -> exchange.receive(consumer));
    }

    void discardBody() {
        exchange.onShard(exchange::discardBody);
    }

    RequestHead head() {
        return head;
    }

    RequestRoute route() {
        return route;
    }

    /// Method and template, for a log. From any thread.
    @Override
    public String toString() {
        return route.toString();
    }

    Throttle failures() {
        return exchange.failures();
    }

    /// The router's codec.
    ///
    /// @throws IllegalStateException if there is none
    JsonCodec jsonCodec() {
        JsonCodec codec = route.json();
        if (codec == null) {
            throw new IllegalStateException("no JSON codec: add router.json(new Json())");
        }
        return codec;
    }

    /// The fields that say what answer is wanted, as one; null if there is none. Locked as
    /// [#identified()] is.
    synchronized @Nullable String accept() {
        if (!valid || head.fields().find(ACCEPT) < 0) return accept;
        return String.join(",", headers("Accept"));
    }

    /// Locked, because a thread that answers later may ask while the handler returns.
    synchronized RequestId identified() {
        if (valid) id.take(head.fields());
        id.make();
        return id;
    }

    /// For protocols: a new request has arrived in this object.
    public void begin() {
        route.reset();
        id.reset();
        accept = null;
        trailers = Trailers.NONE;
        received = false;
        valid = true;
    }

    /// For protocols: like [#end()], for a request that is still to be answered.
    public synchronized void endBorrow() {
        id.take(head.fields());
        if (route.json() != null) accept = accept();
        end();
    }

    /// For protocols: where the body is.
    public void body(long address, int length) {
        body.view(address, length);
    }

    /// For protocols: what followed the body.
    @SuppressWarnings("exports")
    public void takeTrailers(Fields fields) {
        trailers = Trailers.of(fields);
    }

    /// For protocols: the memory behind it is no longer this request's.
    public void end() {
        valid = false;
        body.unview();
    }

    private void claimBody() {
        if (head.hasBody() && !exchange.streamsBody()) checkValid();
        if (received) throw new IllegalStateException("the body has been asked for already");
        received = true;
    }

    private int parameter(String name) {
        checkValid();
        return route.parameter(name);
    }

    private int parameter(String name, Named type, Named narrower) {
        checkValid();
        return route.parameter(name, type, narrower);
    }

    private void checkValid() {
        if (!valid) {
            throw new IllegalStateException(
                    "the request is valid only until its handler returns: call retain() there");
        }
    }

    private static byte[] lowerCase(String name) {
        return Ascii.bytes(name.toLowerCase(Locale.ROOT));
    }
}
