package org.selvage.benchmarks;

import java.io.PrintStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Locale;

/** Runs one program on plain threads of the operating system, without any control. */
final class PlainFork {
    private static final int WARM_UP_EXECUTIONS = 2_000;

    private PlainFork() {}

    /** Arguments: program class, seconds. */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] arguments) throws Throwable {
        MethodHandle run =
                MethodHandles.publicLookup()
                        .findStatic(
                                Class.forName(arguments[0]),
                                "run",
                                MethodType.methodType(void.class));
        for (int i = 0; i < WARM_UP_EXECUTIONS; i++) {
            run.invokeExact();
        }
        long executions = 0;
        long begin = System.nanoTime();
        long limit = Integer.parseInt(arguments[1]) * 1_000_000_000L;
        while (System.nanoTime() - begin < limit) {
            run.invokeExact();
            executions++;
        }
        double nanos = System.nanoTime() - begin;
        PrintStream out = System.out;
        out.println(String.format(Locale.ROOT, "executions/s=%.0f", executions / nanos * 1e9));
    }
}
