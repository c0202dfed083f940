package org.selvage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.search.Trace;

/**
 * The page in a real headless Chromium. Not part of {@code mvn verify}, which must not depend on a
 * browser; {@code .ci/run} installs one: {@code mvn -Pbrowser -pl harness/report -am verify}.
 * Screenshots are left in {@code target/screenshots}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportInBrowserIT {
    private static final Path SHOTS = Path.of("target", "screenshots");

    @TempDir Path dir;
    private Chromium browser;

    @BeforeAll
    void start(@TempDir Path profile) throws Exception {
        Files.createDirectories(SHOTS);
        browser = new Chromium(profile, false);
    }

    @AfterAll
    void stop() {
        browser.close();
    }

    private void open(Finding finding, String fragment) throws Exception {
        Path page = dir.resolve("report.html");
        Files.writeString(page, HtmlReport.print(finding));
        browser.open(page, fragment);
    }

    private String selected() throws Exception {
        return browser.evaluate("document.documentElement.dataset.selected");
    }

    private String text(String selector) throws Exception {
        return browser.evaluate("document.querySelector('" + selector + "').textContent");
    }

    private int count(String selector) throws Exception {
        return Integer.parseInt(
                browser.evaluate("document.querySelectorAll('" + selector + "').length"));
    }

    private static Finding race() {
        return Samples.dropAgainstMerge().finding("scenario drop-vs-merge", "mysql-5.7.22");
    }

    @Test
    void thePageOpensAtTheFailureWithALaneForEachTask() throws Exception {
        open(race(), "");
        assertThat(text("h1")).isEqualTo(Samples.MISSING_SPACE);
        assertThat(selected()).isEqualTo("74");
        assertThat(text(".row.selected .cell.failed")).startsWith("fails: IllegalStateException");
        assertThat(count("#heads [data-task]")).isEqualTo(5);
        assertThat(count(".bar.preempted")).isGreaterThan(5);
        assertThat(text("#detail"))
                .contains(
                        "sleeps at Mysql5722.waitForPending:140",
                        "FilSystem.io(FilSystem.java:309)");
        browser.screenshot(SHOTS.resolve("race.png"));
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void theKeyboardStepsThroughOperationsSwitchesAndTasks() throws Exception {
        open(race(), "#58");
        assertThat(selected()).isEqualTo("58");
        browser.press("j");
        assertThat(selected()).isEqualTo("59");
        browser.press("k");
        assertThat(selected()).isEqualTo("58");
        browser.press("n");
        assertThat(selected()).isEqualTo("59");
        browser.press("n");
        assertThat(selected()).isEqualTo("67");
        browser.press("p");
        assertThat(selected()).isEqualTo("59");
        browser.press("k");
        browser.press(".");
        assertThat(selected()).as("the master goes on after the drop").isEqualTo("71");
        browser.press(",");
        assertThat(selected()).isEqualTo("58");
        browser.press("f");
        assertThat(selected()).isEqualTo("74");
        browser.press("Home");
        assertThat(selected()).isEqualTo("1");
        browser.press("ArrowDown");
        assertThat(selected()).isEqualTo("2");
        browser.press("End");
        assertThat(selected()).isEqualTo("74");
    }

    @Test
    void filtersHideOperationsAndLanesAndNeverTheFailure() throws Exception {
        open(race(), "");
        browser.press("/");
        browser.type("pendingoperations");
        assertThat(text("#count")).isEqualTo("3 of 74 operations");
        assertThat(count(".row")).isEqualTo(3);
        browser.press("Enter");
        browser.press("p");
        assertThat(selected()).isEqualTo("72");
        browser.evaluate("document.querySelectorAll('#tasks input')[1].click()");
        assertThat(text("#count")).isEqualTo("1 of 74 operations");
        assertThat(count("#heads [data-task]")).isEqualTo(4);
        browser.press("f");
        assertThat(text("#count"))
                .as("the jump to the failure lifts the filters")
                .isEqualTo("74 operations");
        assertThat(selected()).isEqualTo("74");
    }

    @Test
    void aLockThatIsWaitedForIsMarked() throws Exception {
        TraceBuilder b = new TraceBuilder("main", "one");
        b.begin(0).start(0, 1, "A.a:1").lock(0, "A.lock", "A.a:2").preempt(0, 1).begin(1);
        b.write(0, "A.x", "A.a:3").unlock(0, "A.lock", "A.a:4");
        b.lock(1, "A.lock", "A.b:1").end(1).end(0);
        open(
                b.finding(
                        b.failed(0, new AssertionError("x"), TraceBuilder.frame("A", "a", 5)),
                        "scenario x",
                        ""),
                "#5");
        assertThat(count(".bar.lock")).isEqualTo(2);
        assertThat(text("#detail")).contains("waits to lock A.lock, held by main at A.b:1");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void filesTheTimeTheyTakeFaultsAndDrawsAreMarked() throws Exception {
        open(Samples.faults(), "#4");
        assertThat(text(".cell.fault")).startsWith("read file t1.ibd (fault 1)");
        assertThat(count(".cell.io")).isEqualTo(1);
        assertThat(text(".bar.io + .stop")).isEqualTo("read file t1.ibd takes 7 ms");
        assertThat(text("#detail")).contains("drawn", "fault 1");
        browser.press("/");
        browser.type("fault ");
        assertThat(text("#count")).isEqualTo("2 of 8 operations");
        browser.screenshot(SHOTS.resolve("faults.png"));
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void eachTaskOfADeadlockSaysWhatItWaitsFor() throws Exception {
        open(WovenProgramTest.find("monitors"), "");
        assertThat(count(".cell.failed")).isEqualTo(2);
        assertThat(text(".row.selected .cell.failed"))
                .containsPattern("^enter .*, then waits for Object#\\d, held by .*, for ever");
        assertThat(text("h1")).doesNotContain("java.lang.Object");
        browser.screenshot(SHOTS.resolve("deadlock.png"));
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aNarrowWindowShowsTheFailure() throws Exception {
        browser.resize(480, 800);
        open(race(), "");
        String isSeen =
                "(() => { const cell ="
                        + " document.querySelector('.cell.failed').getBoundingClientRect(); return"
                        + " cell.left >= 0 && cell.left + 60 < window.innerWidth && cell.bottom <"
                        + " window.innerHeight; })()";
        assertThat(browser.evaluate(isSeen)).isEqualTo("true");
        browser.screenshot(SHOTS.resolve("narrow.png"));
        browser.resize(1500, 900);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aTableNamedLikeATagIsShownAsText() throws Exception {
        String name =
                "</script><script>document.title='broken'</script><img src=x"
                        + " onerror=\"document.title='broken'\">";
        TraceBuilder b = new TraceBuilder("main" + name, "one");
        b.begin(0).start(0, 1, "A.a:1").begin(1).write(1, name, "A.b:2").end(1).end(0);
        open(
                b.finding(
                        b.failed(0, new AssertionError(name), TraceBuilder.frame("A", "a", 5)),
                        "scenario " + name,
                        name),
                "#4");
        assertThat(text("h1")).isEqualTo(name);
        assertThat(browser.evaluate("document.title")).isNotEqualTo("broken");
        assertThat(count("img")).isZero();
        assertThat(text(".row.selected .cell")).contains(name);
        assertThat(browser.complaints()).isEmpty();
        browser.screenshot(SHOTS.resolve("escaped.png"));
    }

    @Test
    void theHistoryShowsTheFirstImpossibleResponse() throws Exception {
        open(Samples.staleRead(), "");
        browser.evaluate("document.getElementById('history').open = true");
        assertThat(count("#calls th")).isEqualTo(3);
        assertThat(count("#calls tbody tr")).isEqualTo(5);
        assertThat(text("#calls .call")).isEqualTo("1drop(</script>t1) -> ok");
        assertThat(text("#calls .impossible")).isEqualTo("read(t1, 0) -> 7");
        assertThat(text("#order")).contains("Longest legal order: drop(</script>t1) -> ok; ");
        assertThat(text("#impossible")).contains("is impossible in state no tables");
        browser.screenshot(SHOTS.resolve("history.png"));
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void stacksAreShownOnHover() throws Exception {
        open(race(), "");
        String[] at =
                browser.evaluate(
                                "(() => { const r ="
                                        + " document.querySelector('.cell.failed').getBoundingClientRect();"
                                        + " return Math.round(r.left + 5) + ' ' + Math.round(r.top +"
                                        + " 5); })()")
                        .split(" ", -1);
        browser.hover(Integer.parseInt(at[0]), Integer.parseInt(at[1]));
        assertThat(text("#tip"))
                .contains(
                        "at the end:\n"
                                + "at org.selvage.engine.tablespace.FilSystem.io(FilSystem.java:309)");
        assertThat(browser.evaluate("document.getElementById('tip').hidden")).isEqualTo("false");
    }

    @Test
    void theStackOfAnOperationIsShownOnHover() throws Exception {
        open(WovenProgramTest.find("lostUpdate"), "#5");
        String[] at =
                browser.evaluate(
                                "(() => { const r = document.querySelector('.row.selected"
                                        + " .cell').getBoundingClientRect(); return Math.round(r.left + 5) +"
                                        + " ' ' + Math.round(r.top + 5); })()")
                        .split(" ", -1);
        browser.hover(Integer.parseInt(at[0]), Integer.parseInt(at[1]));
        assertThat(text("#tip")).contains("at programs.Races.lambda$lostUpdate$0(Races.java:15)");
    }

    @Test
    void lightAndDarkDiffer() throws Exception {
        open(race(), "");
        String background = "getComputedStyle(document.body).backgroundColor";
        String light = browser.evaluate(background);
        browser.press("t");
        assertThat(browser.evaluate(background)).isNotEqualTo(light);
        browser.screenshot(SHOTS.resolve("dark.png"));
        browser.press("t");
        assertThat(browser.evaluate(background)).isEqualTo(light);
    }

    @Test
    void aHundredThousandOperationsAreOnlyInTheDocumentWhereTheyAreSeen() throws Exception {
        open(large(), "");
        assertThat(text("#count")).isEqualTo("100000 operations");
        assertThat(count(".row")).isLessThan(200);
        assertThat(selected()).isEqualTo("100000");
        browser.press("Home");
        assertThat(text(".row.selected .number")).isEqualTo("1");
        browser.press("/");
        browser.type("Big.field17");
        assertThat(count(".row")).isLessThan(200);
        browser.screenshot(SHOTS.resolve("large.png"));
        // Reported, not checked: how long it took depends on the machine.
        Files.writeString(
                SHOTS.resolve("large-milliseconds.txt"),
                browser.evaluate("document.documentElement.dataset.ready") + "\n");
        assertThat(browser.complaints()).isEmpty();
    }

    private static Finding large() {
        TraceBuilder b = new TraceBuilder("main", "one", "two", "three", "four", "five");
        Random random = new Random(1);
        b.begin(0);
        for (int task = 1; task <= 5; task++) {
            b.start(0, task, "Big.run:" + task);
        }
        int task = 1;
        while (b.count() < 99_999) {
            if (random.nextInt(4) == 0) {
                int before = task;
                task = 1 + random.nextInt(5);
                if (task != before) {
                    b.preempt(before, task);
                }
            }
            int field = random.nextInt(200);
            b.write(task, "Big.field" + field, "Big.method" + field + ":" + random.nextInt(50));
        }
        b.end(1);
        Trace trace =
                b.failed(
                        1,
                        new AssertionError("large"),
                        TraceBuilder.frame("example.Big", "run", 3));
        return b.finding(trace, "scenario large", "");
    }

    @Test
    void thePassingExecutionStandsBesideTheFailingOne() throws Exception {
        open(WovenProgramTest.find("lostUpdate"), "");
        browser.evaluate("document.getElementById('why').open = true");
        assertThat(text("#cause")).contains("Last avoidable after step", "The race: step");
        assertThat(text("#fails"))
                .contains("read AtomicInteger.get = 0", "write AtomicInteger.set = 1");
        assertThat(text("#passes")).contains("read AtomicInteger.get = 1");
        assertThat(count("#fails .race")).isEqualTo(2);
        assertThat(count("#passes .race")).isEqualTo(2);
        browser.evaluate("document.querySelector('#fails .race').click()");
        assertThat(selected()).isEqualTo(text("#fails .race .number"));
        browser.screenshot(SHOTS.resolve("neighbour.png"));
    }
}
