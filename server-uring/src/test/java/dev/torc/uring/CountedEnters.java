package dev.torc.uring;

import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.Syscalls;
import dev.torc.uring.constants.IoUring;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/// This machine's kernel, and how often a ring entered it; it can be told to refuse that.
final class CountedEnters implements InvocationHandler {
    int enters;
    int wakeUps;

    /// What each enter answers instead of the kernel, when it is not 0.
    int refusal;

    private Object real = "not open";

    Kernel.Source kernel() {
        return arena -> {
            real = new Syscalls(arena);
            return (Kernel)
                    Proxy.newProxyInstance(
                            Kernel.class.getClassLoader(), new Class<?>[] {Kernel.class}, this);
        };
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals("enter")) {
            enters++;
            int flags = (int) arguments[3];
            if ((flags & IoUring.IORING_ENTER_SQ_WAKEUP) != 0) wakeUps++;
            if (refusal != 0) return refusal;
        }
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
