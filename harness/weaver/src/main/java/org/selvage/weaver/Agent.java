package org.selvage.weaver;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.CompiledCode;
import org.selvage.hooks.JdkStatics;
import org.selvage.hooks.StackTraces;

/**
 * The agent: puts the hooks on the boot class path, opens the packages of java.base that they need,
 * and weaves the concurrent classes of the JDK. Neither needs a flag from the user.
 */
public final class Agent {
    /** The hooks as a resource of the agent's own jar. */
    private static final String HOOKS_JAR = "/selvage-hooks.jar";

    /** The copy of the hooks' jar, once it was made. */
    private static volatile @Nullable Path temporary;

    private static volatile @Nullable String failure;
    private static volatile boolean installed;
    private static volatile long installNanos;

    private Agent() {}

    /** Called by the JVM for {@code -javaagent}. */
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
        agentmain(arguments, instrumentation);
    }

    /** Called by the JVM for {@code Launcher-Agent-Class} and for an attached agent. */
    public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {
        if (installed) {
            return;
        }
        long begin = System.nanoTime();
        try {
            install(instrumentation);
            installed = true;
        } catch (IOException | ReflectiveOperationException | UnmodifiableClassException e) {
            failure = e.toString();
        } catch (RuntimeException | LinkageError e) {
            failure = e.toString();
        }
        installNanos = System.nanoTime() - begin;
    }

    /**
     * Makes sure that the agent works in this JVM.
     *
     * @throws IllegalStateException with one clear line if it does not
     */
    public static void require() {
        if (!installed) {
            String cause = failure;
            throw new IllegalStateException(
                    cause == null
                            ? "the Selvage agent is not loaded: start Java with"
                                    + " -javaagent:selvage-weaver.jar"
                            : "the Selvage agent cannot work in this JVM: jvm="
                                    + Runtime.version()
                                    + " cause="
                                    + cause);
        }
    }

    /** Whether the agent works in this JVM. */
    public static boolean isInstalled() {
        return installed;
    }

    /** How long it took to install the agent, in nanoseconds. */
    public static long installNanos() {
        return installNanos;
    }

    private static void install(Instrumentation instrumentation)
            throws IOException, ReflectiveOperationException, UnmodifiableClassException {
        instrumentation.appendToBootstrapClassLoaderSearch(hooksJar());
        Module hooks = Class.forName("org.selvage.hooks.OperationKind", false, null).getModule();
        Set<Module> toHooks = Set.of(hooks);
        instrumentation.redefineModule(
                Object.class.getModule(),
                toHooks,
                Map.of(
                        "jdk.internal.access", toHooks,
                        "jdk.internal.misc", toHooks,
                        "jdk.internal.vm", toHooks,
                        "jdk.internal.vm.annotation", toHooks),
                Map.of(
                        "java.lang", toHooks,
                        "java.util.concurrent", toHooks,
                        "jdk.internal.vm", toHooks),
                Set.of(),
                Map.of());
        ModuleLayer.boot()
                .findModule("java.logging")
                .ifPresent(logging ->
                        instrumentation.redefineModule(
                                logging,
                                Set.of(),
                                Map.of(),
                                Map.of("java.util.logging", toHooks),
                                Set.of(),
                                Map.of()));
        // Hooks must be ready before the first hooked JDK method runs, because getting ready uses
        // such methods.
        for (String name :
                List.of(
                        "Epoch",
                        "ArrayShadow",
                        "Repeatable",
                        "IdentityNumbers",
                        "OutsideWorld",
                        "CollectionShadow",
                        "CollectionCalls",
                        "CollectionCalls$Frame",
                        "CollectionCalls$Track",
                        "Carrier",
                        "OperationKind",
                        "Sites",
                        "Hooks",
                        "JdkHooks",
                        "JdkStatics",
                        "Logging",
                        "JdkMonitors",
                        "JdkCollections",
                        "Fiber",
                        "StartedThread")) {
            Class.forName("org.selvage.hooks." + name, true, null);
        }
        JdkStatics.prepare();
        JdkWeaving weaving = new JdkWeaving();
        instrumentation.addTransformer(weaving, true);
        List<Class<?>> loaded = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (type.getClassLoader() == null
                    && !type.isArray()
                    && !type.isHidden()
                    && JdkEntries.isWoven(type.getName().replace('.', '/'))) {
                loaded.add(type);
            }
        }
        instrumentation.retransformClasses(loaded.toArray(Class<?>[]::new));
        if (!weaving.failures().isEmpty()) {
            throw new IllegalStateException(
                    "JDK classes could not be woven: " + weaving.failures());
        }
        CompiledCode.discardWith(type -> discard(instrumentation, type));
        StackTraces.keep();
    }

    /** The JVM drops what was compiled of a class when its code comes anew, if only the same. */
    private static void discard(Instrumentation instrumentation, Class<?> type) {
        if (!instrumentation.isModifiableClass(type)) {
            return;
        }
        try {
            instrumentation.retransformClasses(type);
        } catch (UnmodifiableClassException | UnsupportedOperationException | LinkageError e) {
            System.getLogger(Agent.class.getName())
                    .log(System.Logger.Level.DEBUG, "class is not retransformed: " + type, e);
        }
    }

    private static JarFile hooksJar() throws IOException {
        try (InputStream in = Agent.class.getResourceAsStream(HOOKS_JAR)) {
            if (in == null) {
                throw new IOException("the agent's jar lacks resource=" + HOOKS_JAR);
            }
            Path copy = Files.createTempFile("selvage-hooks", ".jar");
            copy.toFile().deleteOnExit();
            temporary = copy;
            try {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new IOException("a temporary file cannot be written: file=" + copy, e);
            }
            return new JarFile(copy.toFile());
        }
    }

    /**
     * Deletes the agent's temporary file, for who ends the JVM by {@link Runtime#halt}: that leaves
     * behind what is to be deleted at the exit.
     */
    public static void deleteTemporaryFile() throws IOException {
        Path file = temporary;
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }
}
