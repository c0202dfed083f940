package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.selvage.scheduler.DataRaces;
import org.selvage.scheduler.Frames;
import org.selvage.scheduler.Verdict;
import org.selvage.weaver.Agent;

class DataRacesTest {
    private static final long EXECUTIONS = 300L;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "field",
                "wideFields",
                "inheritedField",
                "staticField",
                "array",
                "oneElementOfMany",
                "unsafePublication",
                "storeBuffering",
                "volatileFieldsOfOneObject",
                "fieldAndMonitorOfOneObject"
            })
    void aRaceIsAFailureWhereItIsAskedFor(String program) throws Exception {
        for (String strategy : new String[] {"random", "pct"}) {
            Explorer.Report report = Explorer.dataRaces("Plain." + program, strategy, EXECUTIONS);
            assertThat(report.failures()).as(strategy).isNotEmpty();
            for (Search.Failure failure : report.failures()) {
                Verdict.Failed failed = (Verdict.Failed) failure.verdict();
                assertThat(failed.cause()).isInstanceOf(DataRaces.DataRaceError.class);
                assertThat(failed.cause().getMessage()).startsWith("data race on ");
                assertThat(failure.signature().place()).startsWith("Plain");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Plain.underLock",
                "Plain.twoLocks",
                "Plain.handedOver",
                "Plain.unshared",
                "Plain.readShared",
                "Plain.readSharedThenWritten",
                "Plain.lockPerElement",
                "Plain.elementPerTask",
                "LockOrders.gated"
            })
    void whatIsOrderedIsNone(String program) throws Exception {
        for (String strategy : new String[] {"random", "pct"}) {
            Explorer.Report report = Explorer.dataRaces(program, strategy, EXECUTIONS);
            assertThat(report.verdicts().keySet()).containsExactly("passed");
        }
    }

    @Test
    void aRaceIsNotedWithBothStacksAndTheExecutionGoesOn() throws Exception {
        Hazards hazards = hazards("Plain.field", 60);
        assertThat(hazards.dataRaces()).isNotEmpty();
        for (DataRaces.Sighting race : hazards.dataRaces()) {
            assertThat(race.variable()).isEqualTo("Plain.value");
            assertThat(race.first().write() || race.second().write()).isTrue();
            assertThat(race.first().task()).isNotEqualTo(race.second().task());
            assertThat(Frames.innermost(race.first().stack())).isEqualTo(race.first().place());
            assertThat(Frames.innermost(race.second().stack())).isEqualTo(race.second().place());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"monitors", "locks", "three"})
    void locksThatAreTakenInACircleAreTold(String program) throws Exception {
        Hazards hazards = hazards("LockOrders." + program, 1);
        assertThat(hazards.lockCycles()).hasSize(1);
        assertThat(hazards.lockCycles().getFirst().edges())
                .hasSize(program.equals("three") ? 3 : 2)
                .allSatisfy(edge -> {
                    assertThat(edge.heldAt()).startsWith("LockOrders.");
                    assertThat(edge.wantedAt()).startsWith("LockOrders.");
                    assertThat(edge.wanted()).doesNotMatch("LockOrders");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"gated", "alone", "oneAfterTheOther", "triedOnly"})
    void aCircleThatCannotCloseIsNone(String program) throws Exception {
        assertThat(hazards("LockOrders." + program, 1).lockCycles()).isEmpty();
    }

    /** Hazards of some random executions, and of the one without any deviation. */
    private static Hazards hazards(String program, int executions) throws Exception {
        Agent.require();
        return Carriers.call(
                handover -> {
                    Subject subject = Subject.of(Explorer.program(program, new String[1]), 20_000L);
                    handover.watch(() -> subject.execution().steps());
                    Hazards.watch(subject);
                    Strategy random = Strategies.named("random", 1L);
                    for (int i = 0; i < executions; i++) {
                        random.begin(i);
                        Verdict verdict = subject.execute(random, null);
                        random.end(subject.execution(), verdict);
                        assertThat(verdict.summary()).doesNotContain("data race");
                    }
                    return Hazards.of(subject, List.of(), null);
                },
                Duration.ofSeconds(60));
    }
}
