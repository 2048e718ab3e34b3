package dev.torc.testkit.sim;

import org.jspecify.annotations.Nullable;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOptions;
import java.net.SocketTimeoutException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// What a [SimSocket] is made of. A call that blocks lets the simulation go on until it is done.
final class SimSocketEnd extends SocketImpl {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final World world;
    private final Machine machine;
    private final Map<Integer, Object> options = new HashMap<>();
    private InetAddress host = InetAddress.getLoopbackAddress();
    private @Nullable Endpoint endpoint;

    SimSocketEnd(World world, Machine machine) {
        this.world = world;
        this.machine = machine;
    }

    // ---- connecting

    @Override
    protected void create(boolean stream) {}

    /// Only the address: the machine chooses the port.
    @Override
    protected void bind(InetAddress from, int wanted) {
        if (!from.isAnyLocalAddress()) host = from;
    }

    @Override
    protected void connect(String host, int targetPort) throws IOException {
        connect(new InetSocketAddress(host, targetPort), 0);
    }

    @Override
    protected void connect(InetAddress host, int targetPort) throws IOException {
        connect(new InetSocketAddress(host, targetPort), 0);
    }

    @Override
    protected void connect(SocketAddress target, int timeoutMillis) throws IOException {
        InetSocketAddress server = (InetSocketAddress) target;
        world.driven(
                () -> {
                    Listener listener = machine.listenerOn(server.getPort());
                    if (listener == null) throw new ConnectException("Connection refused");
                    await(() -> !listener.isFull() || listener.isClosed(), timeoutMillis);
                    if (listener.isClosed()) throw new ConnectException("Connection refused");
                    InetSocketAddress local = machine.clientAddress(host);
                    int bytes = (int) option(SO_RCVBUF, 0);
                    Endpoint near = Endpoint.connect(world, local, listener, bytes);
                    endpoint = near;
                    address = server.getAddress();
                    port = server.getPort();
                    localport = local.getPort();
                    listener.add(near.peer());
                    return 0;
                });
    }

    // ---- reading and writing

    @Override
    protected InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
            }

            @Override
            public int read(byte[] target, int index, int length) throws IOException {
                return world.driven(() -> receive(target, index, length));
            }

            @Override
            public int available() throws IOException {
                return SimSocketEnd.this.available();
            }
        };
    }

    @Override
    protected OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] source, int index, int length) throws IOException {
                world.driven(() -> send(source, index, length));
            }
        };
    }

    private int receive(byte[] target, int index, int length) throws IOException {
        if (length == 0) return 0;
        Endpoint open = open();
        await(() -> open.isReadable() || open.isClosed(), (int) option(SO_TIMEOUT, 0));
        if (open.isClosed()) throw new SocketException("Socket closed");
        int result = open.receive(target, index, length);
        if (result < 0) throw new SocketException("Connection reset");
        return result == 0 ? -1 : result;
    }

    private int send(byte[] source, int index, int length) throws IOException {
        int done = 0;
        while (done < length) {
            Endpoint open = open();
            await(() -> open.isWritable() || open.isClosed(), 0);
            if (open.isClosed()) throw new SocketException("Socket closed");
            int sent = open.send(source, index + done, length - done);
            if (sent < 0) throw new SocketException("Broken pipe");
            done += sent;
        }
        return done;
    }

    private void await(BooleanSupplier done, int timeoutMillis) throws IOException {
        boolean bounded = timeoutMillis > 0;
        long deadlineNanos =
                bounded ? world.nowNanos() + timeoutMillis * NANOS_PER_MILLI : Long.MAX_VALUE;
        if (world.await(done, deadlineNanos)) return;
        if (bounded) throw new SocketTimeoutException("Read timed out" + world.replay());
        throw new AssertionError("nothing will ever happen to this socket" + world.replay());
    }

    @Override
    protected int available() throws IOException {
        return world.driven(() -> open().available());
    }

    // ---- ending

    @Override
    protected void close() throws IOException {
        world.driven(
                () -> {
                    Endpoint open = endpoint;
                    if (open == null) return 0;
                    if (option(SO_LINGER, false) instanceof Integer seconds && seconds == 0) {
                        open.reset();
                    } else {
                        open.close();
                    }
                    world.signal();
                    return 0;
                });
    }

    @Override
    protected void shutdownOutput() throws IOException {
        world.driven(
                () -> {
                    open().endSend();
                    return 0;
                });
    }

    private Endpoint open() throws SocketException {
        Endpoint open = endpoint;
        if (open == null) throw new SocketException("Socket is not connected");
        return open;
    }

    // ---- options

    @Override
    public void setOption(int option, Object value) {
        options.put(option, value);
    }

    @Override
    public Object getOption(int option) {
        if (option == SocketOptions.SO_BINDADDR) return InetAddress.getLoopbackAddress();
        return option(option, option == SO_LINGER ? false : (Object) 0);
    }

    private Object option(int option, Object otherwise) {
        return options.getOrDefault(option, otherwise);
    }

    // ---- what a client does not do

    @Override
    protected void listen(int backlog) throws IOException {
        throw new SocketException("simulated servers listen through their transport");
    }

    @Override
    protected void accept(SocketImpl accepted) throws IOException {
        listen(0);
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        throw new SocketException("urgent data is not simulated");
    }

    @Override
    protected @Nullable FileDescriptor getFileDescriptor() {
        return null;
    }
}
