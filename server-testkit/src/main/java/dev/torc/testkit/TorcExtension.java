package dev.torc.testkit;

import static org.junit.jupiter.api.extension.ConditionEvaluationResult.disabled;
import static org.junit.jupiter.api.extension.ConditionEvaluationResult.enabled;

import dev.torc.core.RunningServer;
import dev.torc.core.ServerConfig;
import dev.torc.core.spi.TransportProvider;
import dev.torc.core.spi.TransportProvider.Verdict;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/// What [TorcTest] does. The server is kept with the class, or with the test if it is restarted;
/// the clients with whatever took them.
final class TorcExtension
        implements ExecutionCondition,
                BeforeAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                AfterAllCallback,
                ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(TorcExtension.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return context.getTestMethod().isPresent()
                ? enabled("its class is")
                : works(options(context).transport(), Network.loopbacks());
    }

    /// Whether a transport of this name works, any for `auto`. When there is none of that name, or
    /// a resource has run out, starting fails and says so.
    static ConditionEvaluationResult works(String name, List<Network> all) {
        List<TransportProvider> wanted =
                all.stream()
                        .map(Network::transport)
                        .filter(p -> name.equals(ServerConfig.AUTO) || name.equals(p.name()))
                        .toList();
        List<Verdict> verdicts = wanted.stream().map(TransportProvider::verdict).toList();
        if (wanted.isEmpty() || verdicts.stream().anyMatch(v -> v.works() || v.exhausted())) {
            return enabled("a transport may work here");
        }
        List<String> reasons = verdicts.stream().map(Verdict::message).toList();
        return disabled("no transport works here: " + String.join("; ", reasons));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (!options(context).restart()) server(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        server(context);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        end(context);
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        end(context);
    }

    /// So that a constructor's parameters belong to its test and not to the class.
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type.equals(TestClient.class) || RunningServer.class.isAssignableFrom(type);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (options(context).restart() && context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException(
                    "with restart = true there is no server outside of a test: "
                            + parameter.getDeclaringExecutable());
        }
        RunningServer server = server(context).server();
        Class<?> type = parameter.getParameter().getType();
        if (type.equals(TestClient.class)) return connect(server, context);
        if (type.isInstance(server)) return server;
        throw new ParameterResolutionException(
                "the @Served method starts a "
                        + server.getClass().getName()
                        + ", which is no "
                        + type.getName());
    }

    /// Started when it is first asked for; an inner class finds the one of its outer class.
    private static ServerUnderTest server(ExtensionContext context) {
        return store(context)
                .getOrComputeIfAbsent(
                        ServerUnderTest.class, _ -> start(context), ServerUnderTest.class);
    }

    private static ServerUnderTest start(ExtensionContext context) {
        TorcTest options = options(context);
        ServerConfig config =
                ServerConfig.defaults()
                        .withPort(0)
                        .withShards(1)
                        .withTransport(options.transport());
        return new ServerUnderTest(
                ServedMethod.of(annotated(context)).start(config),
                Duration.ofMillis(options.releaseMillis()));
    }

    private static TestClient connect(RunningServer server, ExtensionContext context) {
        try {
            return clients(context).add(TestClient.connect(server));
        } catch (IOException refused) {
            throw new UncheckedIOException("no connection to " + server.address(), refused);
        }
    }

    /// Those of `context` alone.
    private static OpenClients clients(ExtensionContext context) {
        return store(context)
                .getOrComputeIfAbsent(
                        context.getUniqueId(), _ -> new OpenClients(), OpenClients.class);
    }

    private static void end(ExtensionContext context) throws IOException {
        clients(context).close();
        @Nullable ServerUnderTest own =
                store(context).remove(ServerUnderTest.class, ServerUnderTest.class);
        if (own != null) own.finish();
    }

    private static TorcTest options(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(annotated(context), TorcTest.class).orElseThrow();
    }

    /// The test class or, for an inner one, the outer class that has the annotation.
    private static Class<?> annotated(ExtensionContext context) {
        Class<?> type = context.getRequiredTestClass();
        while (!AnnotationSupport.isAnnotated(type, TorcTest.class))
            type = type.getEnclosingClass();
        return type;
    }

    private static Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }
}
