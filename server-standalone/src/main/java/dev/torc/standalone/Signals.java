package dev.torc.standalone;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/// The signals that ask the process to end: SIGTERM, SIGINT (Ctrl-C), and SIGHUP, which a terminal
/// sends when it is closed.
///
/// The first one begins the stop; a second one, of any kind, ends the process at once, with the
/// status that a shell would show for it. The JVM's own handling, shutdown hooks, ignores the
/// second one, and the kernel's default does nothing to the first process of a container.
/// `sun.misc.Signal` is what the JDK offers instead (module `jdk.unsupported`); used by reflection,
/// because javac warns of it in a way that cannot be switched off for one place.
final class Signals {
    private static final int STATUS_OF_SIGNALS = 128; // plus the signal's number

    private Signals() {}

    /// Which signals, by their numbers on Linux and macOS.
    private enum Kind {
        HUP(1),
        INT(2),
        TERM(15);

        private final int number;

        Kind(int number) {
            this.number = number;
        }
    }

    /// Runs `stop`, on a thread of its own, at the first signal.
    static void onFirst(Runnable stop) {
        AtomicBoolean asked = new AtomicBoolean();
        for (Kind kind : Kind.values()) {
            handle(
                    kind,
                    () -> {
                        if (asked.getAndSet(true)) {
                            Runtime.getRuntime().halt(STATUS_OF_SIGNALS + kind.number);
                        }
                        stop.run();
                    });
        }
    }

    /// The JVM calls `action` on a new thread for each signal. One that it does not give away
    /// (`-Xrs`), or that its parent has told it to ignore (`nohup`), stays as it is.
    private static void handle(Kind kind, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy =
                    Proxy.newProxyInstance(
                            handler.getClassLoader(),
                            new Class<?>[] {handler},
                            (self, method, arguments) -> call(self, method, arguments, action));
            signal.getMethod("handle", signal, handler)
                    .invoke(
                            null,
                            signal.getConstructor(String.class).newInstance(kind.name()),
                            proxy);
        } catch (InvocationTargetException taken) {
            if (!(taken.getCause() instanceof IllegalArgumentException)) throw broken(taken);
        } catch (ReflectiveOperationException missing) {
            throw broken(missing);
        }
    }

    @SuppressWarnings("ReferenceEquality") // a handler equals itself only
    private static @Nullable Object call(
            Object self, Method method, @Nullable Object @Nullable [] arguments, Runnable action) {
        return switch (method.getName()) {
            case "hashCode" -> System.identityHashCode(self);
            case "equals" -> arguments != null && self == arguments[0];
            case "toString" -> "Torc's handler";
            default -> {
                action.run();
                yield null;
            }
        };
    }

    private static IllegalStateException broken(Exception cause) {
        return new IllegalStateException("sun.misc.Signal is not as it was in JDK 25", cause);
    }
}
