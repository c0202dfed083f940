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
                        Locale.ROOT,
                        "executions/s=%.0f executions=%.0f end=%s",
                        executions / nanos * 1e9,
                        executions,
                        executions < 0.9 * invocations && end.equals("done")
                                ? "no more to try"
                                : end));
        System.exit(0);
    }

    /**
     * Each lambda calls its program by name: Lincheck instruments the classes that the body's own
     * code mentions, and a method reference handed on is not one of them.
     */
    private static void run(String program, int invocations) {
        switch (program) {
            case "Increment" -> Lincheck.runConcurrentTest(invocations, LincheckFork::increment);
            case "LostUpdate" -> Lincheck.runConcurrentTest(invocations, LincheckFork::lostUpdate);
            case "LockBuffer" -> Lincheck.runConcurrentTest(invocations, LincheckFork::lockBuffer);
            case "MonitorBuffer" ->
                    Lincheck.runConcurrentTest(invocations, LincheckFork::monitorBuffer);
            case "Volatiles" -> Lincheck.runConcurrentTest(invocations, LincheckFork::volatiles);
            case "DeleteProtocol" ->
                    Lincheck.runConcurrentTest(invocations, LincheckFork::deleteProtocol);
            default -> throw new IllegalArgumentException("program=" + program);
        }
    }

    private static void increment() {
        try {
            Increment.run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void lostUpdate() {
        try {
            LostUpdate.run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void lockBuffer() {
        try {
            LockBuffer.run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void monitorBuffer() {
        try {
            MonitorBuffer.run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void volatiles() {
        try {
            Volatiles.run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void deleteProtocol() {
        try {
            DeleteProtocol.run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
