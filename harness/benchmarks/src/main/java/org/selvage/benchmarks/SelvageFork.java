package org.selvage.benchmarks;

import com.sun.management.ThreadMXBean;
import java.io.PrintStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.time.Duration;
import java.util.Locale;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Carriers;
import org.selvage.search.Strategies;
import org.selvage.search.Strategy;
import org.selvage.search.Subject;
import org.selvage.weaver.Agent;
import org.selvage.weaver.ProgramLoader;

/** Runs one program under Selvage and prints what an execution and a scheduling point cost. */
final class SelvageFork {
    private static final long WARM_UP_EXECUTIONS = 20_000L;

    private SelvageFork() {}

    /**
     * Arguments: program class, {@code random}, {@code switch} at every point or {@code stay},
     * seconds.
     */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] arguments) throws Exception {
        Agent.require();
        String line =
                Carriers.call(
                        handover -> {
                            Subject subject = subject(arguments[0]);
                            handover.watch(subject.execution()::steps);
                            return measure(subject, arguments[1], Integer.parseInt(arguments[2]));
                        },
                        Duration.ofSeconds(60));
        PrintStream out = System.out;
        out.println(line);
    }

    static Subject subject(String program) throws ReflectiveOperationException {
        MethodHandle run =
                MethodHandles.publicLookup()
                        .findStatic(woven(program), "run", MethodType.methodType(void.class));
        // A statement, not an expression: the call site's type is then void, as the handle's is.
        return Subject.of(
                () -> {
                    run.invokeExact();
                },
                Long.MAX_VALUE - 1);
    }

    /** A class of the programs, woven. */
    static Class<?> woven(String program) throws ClassNotFoundException {
        String name = program.replace('.', '/') + ".class";
        URL file = SelvageFork.class.getClassLoader().getResource(name);
        if (file == null) {
            throw new ClassNotFoundException(program);
        }
        String root = file.toString();
        URL[] path = {urlOf(root.substring(0, root.length() - name.length()))};
        ProgramLoader loader =
                new ProgramLoader(
                        path,
                        SelvageFork.class.getClassLoader(),
                        type -> !type.startsWith("org.selvage.benchmarks.programs."));
        return loader.loadClass(program);
    }

    private static URL urlOf(String text) {
        try {
            return java.net.URI.create(text).toURL();
        } catch (java.net.MalformedURLException e) {
            throw new IllegalStateException("a class file's address is one: " + text, e);
        }
    }

    private static String measure(Subject subject, String strategy, int seconds) {
        Execution execution = subject.execution();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Strategy search = Strategies.named("random", 1);
        ChoiceSource source =
                switch (strategy) {
                    case "switch" -> choice -> choice.count() - 1;
                    case "stay" -> ChoiceSource.DEFAULT;
                    default -> search;
                };
        long executions = 0;
        long steps = 0;
        long switches = 0;
        long begin = 0;
        long allocated = 0;
        for (long i = 0; ; i++) {
            if (i == WARM_UP_EXECUTIONS) {
                executions = 0;
                steps = 0;
                switches = 0;
                allocated = threads.getCurrentThreadAllocatedBytes();
                begin = System.nanoTime();
            }
            if (i > WARM_UP_EXECUTIONS
                    && i % 64 == 0
                    && System.nanoTime() - begin > seconds * 1_000_000_000L) {
                break;
            }
            search.begin(i);
            Verdict verdict = subject.execute(source, null);
            search.end(execution, verdict);
            if (!(verdict instanceof Verdict.Passed)) {
                throw new IllegalStateException(verdict.summary());
            }
            executions++;
            steps += execution.steps();
            switches += execution.switches();
        }
        double nanos = System.nanoTime() - begin;
        double bytes = threads.getCurrentThreadAllocatedBytes() - allocated;
        return String.format(
                Locale.ROOT,
                "executions/s=%.0f points/execution=%.1f switches/execution=%.1f ns/point=%.0f bytes/point=%.0f",
                executions / nanos * 1e9,
                (double) steps / executions,
                (double) switches / executions,
                nanos / steps,
                bytes / steps);
    }
}
