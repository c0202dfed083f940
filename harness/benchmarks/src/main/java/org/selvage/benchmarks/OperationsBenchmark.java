package org.selvage.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Subject;
import org.selvage.weaver.Agent;

/**
 * What an operation of a controlled task costs that no other task interferes with, and what a
 * switch to another task costs: nanoseconds, with {@link CarrierThreads} as JMH's executor.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class OperationsBenchmark {
    private static final String SWITCH = "switch";
    private static final int COUNT = 100_000;

    /** What each of the tasks does, again and again. */
    @Param({"nothing", "plain read", "volatile read", "lock", "monitor", SWITCH})
    public String operation;

    private Subject subject;
    private ChoiceSource source;

    /** Loads the program, which reads the parameter when it is initialised. */
    @Setup
    public void load() throws ReflectiveOperationException {
        Agent.require();
        boolean isSwitch = operation.equals(SWITCH);
        System.setProperty("selvage.operation", operation);
        System.setProperty("selvage.points", Integer.toString(COUNT));
        source = isSwitch ? choice -> choice.count() - 1 : ChoiceSource.DEFAULT;
        subject =
                SelvageFork.subject(
                        "org.selvage.benchmarks.programs." + (isSwitch ? "Points" : "Operations"));
    }

    /** One execution. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public Verdict execute() {
        Verdict verdict = subject.execute(source, null);
        if (!(verdict instanceof Verdict.Passed)) {
            throw new IllegalStateException(verdict.summary());
        }
        return verdict;
    }
}
