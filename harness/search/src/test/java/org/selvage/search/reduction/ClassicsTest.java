package org.selvage.search.reduction;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.selvage.hooks.Carrier;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Execution;
import org.selvage.scheduler.OperationListener;
import org.selvage.scheduler.Task;
import org.selvage.scheduler.Verdict;
import org.selvage.weaver.Agent;
import org.selvage.weaver.ProgramLoader;

/** The numbers of traces that were published for four programs, on woven Java programs. */
class ClassicsTest {
    private static final long MAX_STEPS = 10_000L;

    private final Set<Long> hashes = new HashSet<>();
    private long executions;
    private boolean complete;
    private boolean neverRepeats;
    private int stateReads;
    private volatile Throwable failure = new AssertionError("the search did not end");

    @ParameterizedTest(name = "{0}({1}) has {2} traces")
    @CsvSource({
        "readers, 2, 4",
        "readers, 8, 256",
        "readers, 13, 8192",
        "lastZero, 5, 64",
        "lastZero, 10, 3328",
        "lastZero, 15, 147456",
        "indexer, 11, 1",
        "indexer, 12, 8",
        "indexer, 15, 4096",
        "fileSystem, 14, 2",
        "fileSystem, 16, 8",
        "fileSystem, 18, 32",
        "fileSystem, 19, 64"
    })
    void eachTraceRunsOnce(String program, int size, long traces) throws Exception {
        Agent.require();
        Throwable none = new Throwable();
        Carrier carrier =
                new Carrier(
                        () -> {
                            try {
                                search(program, size);
                                failure = none;
                            } catch (Throwable e) {
                                failure = e;
                            }
                        },
                        "carrier",
                        0L);
        carrier.start();
        carrier.join();
        assertThat(failure).isSameAs(none);
        assertThat(executions).isEqualTo(traces);
        assertThat(hashes).hasSize((int) traces);
        assertThat(complete).isTrue();
        assertThat(neverRepeats).isTrue();
        assertThat(stateReads).as("no task spins").isZero();
    }

    private void search(String program, int size) throws Throwable {
        URL classes = ClassicsTest.class.getProtectionDomain().getCodeSource().getLocation();
        URI folder = Path.of(classes.toURI()).toUri();
        ProgramLoader loader =
                new ProgramLoader(
                        new URL[] {folder.toURL()},
                        ClassicsTest.class.getClassLoader(),
                        name -> name.startsWith("org.selvage."));
        MethodHandle method =
                MethodHandles.publicLookup()
                        .findStatic(
                                loader.loadClass("programs.Classics"),
                                program,
                                MethodType.methodType(String.class, int.class));
        Execution execution = new Execution((Carrier) Thread.currentThread(), MAX_STEPS);
        OptimalExploration exploration = new OptimalExploration();
        Observed observed = new Observed(exploration);
        Execution.ThrowingRunnable body =
                () -> {
                    String result = (String) method.invokeExact(size);
                    assertThat(result).isNotNull();
                };
        execution.run(body, ChoiceSource.DEFAULT, null);
        while (exploration.begin()) {
            observed.hash.begin();
            Verdict verdict = execution.run(body, observed, observed);
            exploration.end(execution, verdict);
            assertThat(verdict).isInstanceOf(Verdict.Passed.class);
            hashes.add(observed.hash.value());
            executions++;
        }
        complete = exploration.isComplete();
        neverRepeats = exploration.neverRepeats();
        stateReads = exploration.stateReads();
    }

    /** The exploration, and beside it a hash of each trace that owes it nothing. */
    private static final class Observed implements ChoiceSource, OperationListener {
        final TraceHash hash = new TraceHash();
        private final OptimalExploration exploration;

        Observed(OptimalExploration exploration) {
            this.exploration = exploration;
        }

        @Override
        public boolean everyPoint() {
            return exploration.everyPoint();
        }

        @Override
        public int choose(Choice choice) {
            return exploration.choose(choice);
        }

        @Override
        public void operation(Execution execution, Task task) {
            exploration.listener().operation(execution, task);
            hash.operation(execution, task);
        }

        @Override
        public void ownerChanged(
                Execution execution, Task task, Object synchronizer, boolean taken) {
            exploration.listener().ownerChanged(execution, task, synchronizer, taken);
            hash.ownerChanged(execution, task, synchronizer, taken);
        }

        @Override
        public void woken(Execution execution, Task by, Task woken) {
            exploration.listener().woken(execution, by, woken);
            hash.woken(execution, by, woken);
        }

        @Override
        public void touched(Execution execution, Task task, OperationKind kind, Object object) {
            exploration.listener().touched(execution, task, kind, object);
            hash.touched(execution, task, kind, object);
        }
    }
}
