package dev.torc.testkit;

import dev.torc.core.RunningServer;
import dev.torc.core.ServerConfig;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;

/// The [Served] method of a test class, known to be one.
record ServedMethod(Method method) {
    private static final String WANTED = "'static HttpServer serve(ServerConfig config)'";

    /// @throws ExtensionConfigurationException when it is missing, doubled or of another shape
    static ServedMethod of(Class<?> testClass) {
        List<Method> found =
                AnnotationSupport.findAnnotatedMethods(
                        testClass, Served.class, HierarchyTraversalMode.TOP_DOWN);
        String name = testClass.getName();
        if (found.isEmpty()) {
            throw new ExtensionConfigurationException(
                    name + " has no @Served method: add one that starts the server, " + WANTED);
        }
        if (found.size() > 1) {
            String names = String.join(" and ", found.stream().map(Method::getName).toList());
            throw new ExtensionConfigurationException(
                    name + " has more than one @Served method: keep one of " + names);
        }
        Method method = found.getFirst();
        boolean fits =
                Modifier.isStatic(method.getModifiers())
                        && Arrays.equals(
                                method.getParameterTypes(), new Class<?>[] {ServerConfig.class})
                        && RunningServer.class.isAssignableFrom(method.getReturnType());
        if (!fits) {
            throw new ExtensionConfigurationException(
                    "a @Served method looks like " + WANTED + ", not like: " + method);
        }
        return new ServedMethod(method);
    }

    RunningServer start(ServerConfig config) {
        @Nullable Object server = ReflectionSupport.invokeMethod(method, null, config);
        if (server instanceof RunningServer running) return running;
        throw new ExtensionConfigurationException("returned no server: " + method);
    }
}
