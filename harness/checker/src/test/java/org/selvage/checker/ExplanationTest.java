package org.selvage.checker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.selvage.checker.history.EventKind;
import org.selvage.checker.history.History;
import org.selvage.checker.history.HistoryRecorder;
import org.selvage.checker.history.Intervals;
import org.selvage.checker.specification.Register;
import org.selvage.checker.specification.Specification;
import org.selvage.checker.specification.Specifications;

/** What is said about a history that is not valid is true and cannot be said shorter. */
class ExplanationTest {
    private static final int MUTATED = Integer.getInteger("selvage.checker.mutated", 1000);

    @Test
    void withoutAnyOperationOfTheCoreItIsValid() {
        List<String> models = List.of("register", "map", "set", "queue", "stack", "priority-queue");
        Random random = new Random(11);
        int found = 0;
        for (long seed = 0; found < MUTATED; seed++) {
            String model = models.get((int) (seed % models.size()));
            Specification<?> specification = Specifications.named(model).orElseThrow();
            History mutated = mutate(Workload.of(model, 30, 3, seed % 2 == 0, seed), random);
            found += minimal(specification, mutated) ? 1 : 0;
        }
        assertThat(found).isEqualTo(MUTATED);
    }

    private static <S> boolean minimal(Specification<S> specification, History history) {
        Checker<S> checker = new Checker<>(specification);
        if (!(checker.check(history, Budget.unlimited()) instanceof Verdict.Invalid invalid)) {
            return false;
        }
        Explanation explanation = invalid.explanation();
        assertThat(explanation.complete()).isTrue();
        assertThat(isValid(checker, explanation.context().history())).as("context").isFalse();
        History core = explanation.core().history();
        assertThat(isValid(checker, core)).as("core").isFalse();
        for (int operation = 0; operation < Intervals.of(core).count(); operation++) {
            assertThat(isValid(checker, without(core, operation)))
                    .as("core without operation=%d%n%s", operation, core)
                    .isTrue();
        }
        int bad = explanation.firstBadEvent();
        assertThat(isValid(checker, history.prefix(bad + 1)))
                .as("prefix with the bad event")
                .isFalse();
        assertThat(isValid(checker, history.prefix(bad)))
                .as("prefix before the bad event")
                .isTrue();
        assertThat(explanation.context().operations()).containsAll(explanation.core().operations());
        return true;
    }

    private static <S> boolean isValid(Checker<S> checker, History history) {
        return checker.check(history, Budget.unlimited()) instanceof Verdict.Valid;
    }

    private static History without(History history, int operation) {
        Intervals intervals = Intervals.of(history);
        BitSet events = new BitSet();
        events.set(0, history.size());
        events.clear(intervals.invokedAt(operation));
        if (intervals.lastEvent(operation) != Intervals.NEVER) {
            events.clear(intervals.lastEvent(operation));
        }
        return history.only(events);
    }

    /** Exchanges the responses of two returns, or takes one from elsewhere in the history. */
    private static History mutate(History history, Random random) {
        int from = random.nextInt(history.size());
        int to = random.nextInt(history.size());
        HistoryRecorder recorder = new HistoryRecorder();
        for (int event = 0; event < history.size(); event++) {
            boolean both = history.kind(from) == EventKind.OK && history.kind(to) == EventKind.OK;
            int source = both && event == to ? from : event;
            recorder.event(
                    history.kind(event),
                    history.process(event),
                    history.function(event),
                    history.value(source),
                    0);
        }
        return recorder.history();
    }

    @Test
    void aStaleReadIsExplainedInTheModelsWords() {
        HistoryRecorder recorder = new HistoryRecorder();
        recorder.invoke(0, "write", 1L);
        recorder.ok(0);
        recorder.invoke(1, "write", 7L);
        recorder.ok(1);
        recorder.invoke(0, "write", 2L);
        recorder.ok(0);
        recorder.invoke(1, "read");
        recorder.ok(1, 1L);
        recorder.invoke(1, "read");
        recorder.ok(1, 2L);

        Verdict verdict = Checker.check(recorder.history(), new Register(), Budget.unlimited());

        assertThat(verdict).isInstanceOf(Verdict.Invalid.class);
        Explanation explanation = ((Verdict.Invalid) verdict).explanation();
        assertThat(explanation.firstBadEvent()).isEqualTo(7);
        assertThat(explanation.core().operations()).containsExactly(3);
        assertThat(explanation.context().operations()).contains(0, 3).hasSize(3);
        assertThat(explanation.legalPrefix()).hasSize(2);
        assertThat(explanation.impossible()).hasSize(1);
        assertThat(explanation.impossible().getFirst().why())
                .startsWith("read() -> 1 is impossible in state ");
    }

    @Test
    void aSpentBudgetIsUnknownAndSaysHowFarItCame() {
        History history = Workload.of("stack", 2000, 30, false, 5);
        Verdict verdict =
                Checker.check(
                        history, Specifications.named("stack").orElseThrow(), Budget.steps(2100));
        assertThat(verdict)
                .isEqualTo(
                        new Verdict.Unknown(Criterion.STRICT, "steps=2100", "parts=1 decided=0"));
    }
}
