package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Verdict;
import org.selvage.weaver.Agent;

/**
 * What one thread does to a part of a collection depends on what another one does to the
 * collection, what a method of the JDK does to a range of an array on what another thread does to
 * an element, and what is done by a handle on what is done by name: exhaustive search, which leaves
 * out the other order of what is independent, reaches the same outcomes as brute force over all
 * schedules with few preemptions.
 */
class CollectionPartsTest {
    private static final int MOST = 100_000;

    /** More preemptions reach no other outcomes of these programs. */
    private static final int BOUND = 3;

    /** With how many outcomes there are. */
    @ParameterizedTest
    @CsvSource({
        "Parts.iteratorAndAdd, 2",
        "Parts.keySetRemoveAndPut, 3",
        "Parts.subListAndAdd, 2",
        "Parts.subMapAndRemove, 2",
        "Parts.concurrentIteratorAndPut, 4",
        "Parts.queueIteratorAndPoll, 3",
        "Parts.entryAndRemove, 2",
        "Ranges.copyAndTwoWrites, 4",
        "Ranges.fillAndRead, 4",
        "Ranges.copyAcross, 9",
        "Ranges.moveAndSum, 3",
        "Ranges.sortAndSwap, 7",
        "Ranges.longFills, 4",
        "Ranges.setAllAndClone, 3",
        "Handles.variable, 3",
        "Handles.variableAndName, 3",
        "Handles.volatileAndName, 3",
        "Handles.staticVariable, 3",
        "Handles.element, 3",
        "Handles.reflected, 3",
        "Handles.reflectedAndName, 3",
        "Handles.method, 3",
        "Handles.methodAndName, 3",
        "Handles.methodOfElement, 3",
        "Handles.updaterAndName, 3",
        "Handles.updaterAndHandle, 3"
    })
    void exhaustiveSearchReachesWhatBruteForceReaches(String program, int outcomes)
            throws Exception {
        Agent.require();
        int executions =
                Carriers.call(handover -> compare(program, outcomes), Duration.ofSeconds(60));
        assertThat(executions).isGreaterThanOrEqualTo(outcomes);
    }

    private static int compare(String program, int outcomes) throws Exception {
        String[] outcome = {""};
        Subject subject = Subject.of(Explorer.program(program, outcome), 2_000L);
        subject.execute(ChoiceSource.DEFAULT, null);
        // What plain memory races is known from here on, so that both have its points.
        new BruteForce(1, MOST).run(subject, outcome, new TreeSet<>());
        Set<String> expected = new TreeSet<>();
        assertThat(new BruteForce(BOUND, MOST).run(subject, outcome, expected)).isTrue();
        assertThat(expected).hasSize(outcomes);
        Strategy optimal = Strategies.named("optimal", 1L);
        Set<String> reached = new TreeSet<>();
        int executions = 0;
        while (optimal.begin(executions++)) {
            Verdict verdict = subject.execute(optimal, null);
            boolean cut = optimal.wasEnough();
            optimal.end(subject.execution(), verdict);
            if (!cut) {
                reached.add(BruteForce.describe(verdict, outcome));
            }
        }
        assertThat(reached).isEqualTo(expected);
        return executions;
    }
}
