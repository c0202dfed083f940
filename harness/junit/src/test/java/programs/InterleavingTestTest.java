package programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/**
 * What a user of the extension sees. Runs without an agent flag: the extension loads the agent
 * itself.
 */
final class InterleavingTestTest {
    private static List<Event> failures(String method) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(CounterFixture.class, method))
                .execute()
                .testEvents()
                .failed()
                .list();
    }

    private static String message(Event failure) {
        return failure.getRequiredPayload(org.junit.platform.engine.TestExecutionResult.class)
                .getThrowable()
                .map(Throwable::getMessage)
                .orElse("");
    }

    @Test
    void aCorrectTestPasses() {
        assertThat(failures("isAtomic")).isEmpty();
    }

    @Test
    void eachExecutionFindsFreshStatics() {
        assertThat(failures("findsFreshStatics")).isEmpty();
    }

    @Test
    void aBoundIsKept() {
        assertThat(failures("losesNothingWithinABound")).isEmpty();
        assertThat(failures("losesAnUpdateWithinABound")).hasSize(1);
    }

    @Test
    void whatFollowsTheTestIsPartOfAnExecution() {
        List<Event> failures = failures("leavesSomethingBehind");
        assertThat(failures).hasSize(1);
        assertThat(message(failures.getFirst())).contains("left behind: counter=-1");
    }

    @Test
    void aRacyTestFailsWithItsStoryAndTheCommandThatReplaysIt() throws Exception {
        List<Event> failures = failures("losesAnUpdate");
        assertThat(failures).hasSize(1);
        String message = message(failures.getFirst());
        assertThat(message)
                .contains("lost update: counter=1")
                .contains("CounterFixture.counter")
                .contains("-Dselvage.replay=");
        Path schedule = Path.of("target/selvage/programs.CounterFixture.losesAnUpdate.schedule");
        assertThat(Files.readString(schedule))
                .startsWith("selvage-schedule 1\ntest programs.CounterFixture#losesAnUpdate");
    }

    @Test
    void whatDiffersWhenItIsRepeatedFailsOnRequest() {
        assertThat(failures("repeats")).isEmpty();
        CounterFixture.beginTurns();
        List<Event> failures = failures("differs");
        assertThat(failures).hasSize(1);
        assertThat(message(failures.getFirst()))
                .contains("not deterministic: execution=1 step=", "CounterFixture.differs:");
    }

    @Test
    void aFailureThatDoesNotRepeatIsSaidNotToBeOne() {
        CounterFixture.beginTurns();
        List<Event> failures = failures("failsOnce");
        assertThat(failures).hasSize(1);
        assertThat(message(failures.getFirst()))
                .contains("the first turn", "does not repeat", "verifyDeterminism");
    }

    @Test
    void aScheduleIsReplayed() {
        failures("losesAnUpdate");
        System.setProperty(
                "selvage.replay", "target/selvage/programs.CounterFixture.losesAnUpdate.schedule");
        try {
            List<Event> failures = failures("losesAnUpdate");
            assertThat(failures).hasSize(1);
            assertThat(message(failures.getFirst())).contains("lost update: counter=1");
        } finally {
            System.clearProperty("selvage.replay");
        }
    }
}
