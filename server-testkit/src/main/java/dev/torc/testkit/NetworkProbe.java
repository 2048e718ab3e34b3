package dev.torc.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.spi.TransportProvider;

import org.junit.jupiter.api.extension.BeforeClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterInfo;

import java.util.Objects;

/// Skips a class on a network whose transport cannot work here, and shows why.
final class NetworkProbe implements BeforeClassTemplateInvocationCallback {
    @Override
    public void beforeClassTemplateInvocation(ExtensionContext context) {
        ParameterInfo parameters = Objects.requireNonNull(ParameterInfo.get(context));
        Network network = Objects.requireNonNull(parameters.getArguments().get(0, Network.class));
        TransportProvider.Verdict verdict = network.transport().verdict();
        assumeTrue(verdict.works(), verdict.message());
    }
}
