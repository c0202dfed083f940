package org.selvage.junit;

import java.io.File;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Path;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.selvage.weaver.Agent;

/**
 * Runs {@link InterleavingTest} methods. Loads the agent into this JVM when the first of them
 * comes; no class that knows the hooks may be loaded before that, as they belong on the boot class
 * path, hence the division between this class and {@link Interleavings}.
 */
final class InterleavingExtension implements InvocationInterceptor {
    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        invocation.skip();
        loadAgent();
        Interleavings.run(method.getTargetClass(), method.getExecutable());
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context) {
        invocation.skip();
        throw new ExtensionConfigurationException(
                "@InterleavingTest stands alone, without @RepeatedTest, @ParameterizedTest and"
                        + " other templates: "
                        + method.getTargetClass().getName()
                        + "#"
                        + method.getExecutable().getName());
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        skipOrProceed(invocation, context);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        skipOrProceed(invocation, context);
    }

    /** Each execution of an interleaving test calls these methods itself. */
    private static void skipOrProceed(Invocation<Void> invocation, ExtensionContext context)
            throws Throwable {
        if (context.getRequiredTestMethod().isAnnotationPresent(InterleavingTest.class)) {
            invocation.skip();
        } else {
            Void ignored = invocation.proceed();
        }
    }

    private static synchronized void loadAgent() {
        if (Agent.isInstalled()) {
            return;
        }
        ByteBuddyAgent.attach(agentJar(), Long.toString(ProcessHandle.current().pid()));
        Agent.require();
    }

    private static File agentJar() {
        @Nullable Path path;
        try {
            path = Path.of(Agent.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new ExtensionConfigurationException("the agent's jar cannot be found", e);
        }
        if (!path.toString().endsWith(".jar")) {
            throw new ExtensionConfigurationException(
                    "the agent must come from its jar, classifier agent: found=" + path);
        }
        return path.toFile();
    }
}
