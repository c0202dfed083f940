package org.selvage.benchmarks;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.jetbrains.lincheck.Lincheck;
import org.selvage.benchmarks.programs.DeleteProtocol;
import org.selvage.benchmarks.programs.Increment;
import org.selvage.benchmarks.programs.LockBuffer;
import org.selvage.benchmarks.programs.LostUpdate;
import org.selvage.benchmarks.programs.MonitorBuffer;
import org.selvage.benchmarks.programs.Volatiles;

/**
 * Runs one program under Lincheck. Executions are counted from outside, as threads started over
 * threads of an execution, because Lincheck restores static state between its invocations.
 */
final class LincheckFork {
    private LincheckFork() {}

    /** Arguments: program class, invocations, threads of an execution with Lincheck's own. */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] arguments) {
        int invocations = Integer.parseInt(arguments[1]);
        long before = ManagementFactory.getThreadMXBean().getTotalStartedThreadCount();
        long begin = System.nanoTime();
        String end = "done";
        try {
            run(arguments[0].substring(arguments[0].lastIndexOf('.') + 1), invocations);
        } catch (AssertionError | RuntimeException e) {
            end = e.getClass().getSimpleName();
        }
        double nanos = System.nanoTime() - begin;
        double executions =
                (ManagementFactory.getThreadMXBean().getTotalStartedThreadCount() - before)
                        / Double.parseDouble(arguments[2]);
        PrintStream out = System.out;
        out.println(
                String.format(
                        Locale.ROOT, "executions/s=%.0f end=%s", executions / nanos * 1e9, end));
        System.exit(0);
    }

    /** Each lambda names its program: Lincheck instruments only what it sees there. */
    private static void run(String program, int invocations) {
        switch (program) {
            case "Increment" -> Lincheck.runConcurrentTest(invocations, () -> call(Increment::run));
            case "LostUpdate" ->
                    Lincheck.runConcurrentTest(invocations, () -> call(LostUpdate::run));
            case "LockBuffer" ->
                    Lincheck.runConcurrentTest(invocations, () -> call(LockBuffer::run));
            case "MonitorBuffer" ->
                    Lincheck.runConcurrentTest(invocations, () -> call(MonitorBuffer::run));
            case "Volatiles" -> Lincheck.runConcurrentTest(invocations, () -> call(Volatiles::run));
            case "DeleteProtocol" ->
                    Lincheck.runConcurrentTest(invocations, () -> call(DeleteProtocol::run));
            default -> throw new IllegalArgumentException("program=" + program);
        }
    }

    private interface Body {
        void run() throws InterruptedException;
    }

    private static void call(Body body) {
        try {
            body.run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
