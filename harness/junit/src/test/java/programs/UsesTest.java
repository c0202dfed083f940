package programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** How interleaving tests get on with the other parts of JUnit. */
final class UsesTest {
    private static Events run(DiscoverySelector selector) {
        return EngineTestKit.engine("junit-jupiter").selectors(selector).execute().testEvents();
    }

    private static Events run(String method) {
        return run(selectMethod(UsesFixture.Plain.class, method));
    }

    /** What was thrown by the only test that did not succeed. */
    private static Throwable thrown(Events events) {
        List<Throwable> thrown =
                events.finished().stream()
                        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
                        .flatMap(result -> result.getThrowable().stream())
                        .toList();
        assertThat(thrown).hasSize(1);
        return thrown.getFirst();
    }

    @Test
    void whatIsDisabledIsNotRun() {
        assertThat(run("disabled").skipped().count()).isEqualTo(1);
    }

    @Test
    void aTimeoutEndsTheSearch() {
        assertThat(thrown(run("tooLong"))).isInstanceOf(TimeoutException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void templatesAreRefused() {
        assertThat(run("repeated").failed().stream())
                .hasSize(2)
                .allSatisfy(event ->
                        assertThat(
                                        event.getRequiredPayload(TestExecutionResult.class)
                                                .getThrowable())
                                .get()
                                .asString()
                                .contains(
                                        "stands alone, without @RepeatedTest",
                                        "UsesFixture$Plain#repeated"));
    }

    @ParameterizedTest
    @CsvSource({"alone, the test starts no thread", "sometimesAssumed, assumed"})
    void whatCannotBeSearchedFailsWithOneLine(String method, String message) {
        Events events = run(method);
        assertThat(events.failed().count()).isEqualTo(1);
        assertThat(thrown(events)).hasMessageContaining(message);
    }

    @Test
    void aMethodWithParametersIsRefused() {
        Class<?> type = UsesFixture.Plain.class;
        assertThat(thrown(run(selectMethod(type, "withParameter", TestInfo.class.getName()))))
                .hasMessage(
                        "a method with @InterleavingTest has no parameters: %s#withParameter",
                        type.getName());
    }

    @ParameterizedTest
    @CsvSource({
        "strategy, no such strategy: strategy=fastest",
        "bound, the depth is out of range: strategy=pct:65",
        "executions, the budget must be above zero",
        "budget, the budget is neither a time"
    })
    void aWrongValueFailsWithOneLine(String method, String message) {
        Throwable thrown = thrown(run(selectMethod(UsesFixture.WrongValues.class, method)));
        assertThat(thrown.getMessage().lines())
                .singleElement()
                .asString()
                .contains(
                        "@InterleavingTest of programs.UsesFixture$WrongValues#" + method, message);
    }

    @Test
    void aTestIsAbortedIfItsAssumptionsNeverHold() {
        Events events = run("neverAssumed");
        assertThat(events.aborted().count()).isEqualTo(1);
        assertThat(thrown(events)).hasMessageContaining("three");
    }

    @Test
    void whatIsNotControlledIsNamed() {
        assertThat(thrown(run("reachesOutside")).getMessage())
                .contains("count=1", "\nnot controlled here: java.net.ServerSocket.")
                .endsWith("reachesOutside.schedule\n");
    }

    @ParameterizedTest
    @ValueSource(classes = {UsesFixture.Statics.class, UsesFixture.PerClass.class})
    void whatIsDoneBeforeAllIsDoneInEachExecution(Class<?> type) {
        Events events = run(selectMethod(type, "addsTwo"));
        assertThat(events.failed().list()).isEmpty();
        assertThat(events.succeeded().count()).isEqualTo(1);
    }

    @Test
    void aNestedTestStandsWithinItsOuterClass() {
        List<Class<?>> outer = List.of(UsesFixture.Outer.class);
        Events events = run(selectNestedMethod(outer, UsesFixture.Outer.Inner.class, "addsTwo"));
        assertThat(events.failed().list()).isEmpty();
        assertThat(events.succeeded().count()).isEqualTo(1);
        assertThat(
                        thrown(
                                run(
                                        selectNestedMethod(
                                                outer,
                                                UsesFixture.Outer.Inner.class,
                                                "leavesMore"))))
                .hasMessageContaining("left behind: count=100");
    }

    @Test
    void aScheduleOfAnotherTestOrNoneIsNotReplayed() throws Exception {
        run("sometimesAssumed");
        Path schedule =
                Path.of("target/selvage/programs.UsesFixture$Plain.sometimesAssumed.schedule");
        assertThat(Files.exists(schedule)).isTrue();
        System.setProperty("selvage.replay", schedule.toString());
        try {
            assertThat(thrown(run("sometimesAssumed"))).hasMessageContaining("assumed");
            Events other = run("reachesOutside");
            assertThat(other.aborted().count()).isEqualTo(1);
            assertThat(thrown(other)).hasMessageContaining("is a schedule of another");
            System.setProperty("selvage.replay", "nowhere.schedule");
            assertThat(thrown(run("sometimesAssumed")))
                    .hasMessageContaining("the schedule cannot be read");
        } finally {
            System.clearProperty("selvage.replay");
        }
    }
}
