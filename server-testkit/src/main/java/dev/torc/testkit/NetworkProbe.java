package dev.torc.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.spi.TransportProvider;

import org.junit.jupiter.api.extension.BeforeClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterInfo;

import java.util.Objects;

/// Skips a class on a network whose transport cannot work here, or that is not real where the class
/// needs one, and shows why.
final class NetworkProbe implements BeforeClassTemplateInvocationCallback {
    @Override
    public void beforeClassTemplateInvocation(ExtensionContext context) {
        ParameterInfo parameters = Objects.requireNonNull(ParameterInfo.get(context));
        Network network = Objects.requireNonNull(parameters.getArguments().get(0, Network.class));
        EveryNetwork needs = context.getRequiredTestClass().getAnnotation(EveryNetwork.class);
        boolean reached = needs == null || !needs.real() || network.isReal();
        assumeTrue(reached, () -> "no other program reaches a network that is " + network);
        TransportProvider.Verdict verdict = network.transport().verdict();
        assumeTrue(verdict.works(), verdict.message());
    }
}
