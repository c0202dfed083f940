package org.selvage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class HtmlReportTest {
    private static final Pattern DATA =
            Pattern.compile("<script type=\"application/json\" id=\"data\">([^<]*)</script>");

    private static JsonNode data(String page) {
        Matcher matcher = DATA.matcher(page);
        assertThat(matcher.find()).isTrue();
        return FindingJson.MAPPER.readTree(matcher.group(1));
    }

    @Test
    void theDataIsAllThere() {
        JsonNode data =
                data(
                        HtmlReport.print(
                                Samples.dropAgainstMerge()
                                        .finding("scenario drop-vs-merge", "mysql-5.7.22")));
        assertThat(data.path("title").asString())
                .isEqualTo("drop-vs-merge under mysql-5.7.22: IllegalStateException");
        assertThat(data.path("error").asString()).isEqualTo(Samples.MISSING_SPACE);
        JsonNode operations = data.path("operations");
        for (String column : List.of("task", "kind", "words", "object", "place", "nanos")) {
            assertThat(operations.path(column).size()).isEqualTo(74);
        }
        assertThat(data.path("strings").get(operations.path("words").get(73).asInt()).asString())
                .isEqualTo("ends");
        assertThat(data.path("failures").get(0).get(0).asInt()).isEqualTo(73);
        assertThat(data.path("stops").size()).isEqualTo(5);
        assertThat(data.path("stacks").path("2").get(0).asString())
                .isEqualTo("at java.lang.Thread.sleep(Thread.java:509)");
    }

    @Test
    void theHistoryIsThereWhereAFailureHasOne() {
        JsonNode history = data(HtmlReport.print(Samples.staleRead())).path("history");
        assertThat(history.path("calls").size()).isEqualTo(3);
        JsonNode read = history.path("calls").get(2);
        assertThat(read.get(1).asString()).isEqualTo("read(t1, 0) -> 7");
        assertThat(read.get(5).asBoolean()).isTrue();
        assertThat(history.path("state").asString()).isEqualTo("no tables");
        assertThat(data(HtmlReport.print(Samples.lostUpdate().finding())).has("history")).isFalse();
    }

    @Test
    void noTextOfTheProgramBecomesMarkup() {
        String evil =
                "</script><script>alert(1)</script><!-- & \u2028 \" ' <img src=x onerror=alert(2)>";
        TraceBuilder b = new TraceBuilder("main</script><b>", "<i>one</i>");
        b.begin(0).start(0, 1, "A<b>.a:1").begin(1).write(1, "</script>.x", "</script>.b:2").end(1);
        Finding finding =
                b.finding(
                        b.failed(
                                0,
                                new AssertionError(evil),
                                TraceBuilder.frame("</script>.C", "<init>", 1)),
                        "scenario </script>",
                        "<style>");
        String page = HtmlReport.print(finding);
        int elements = page.split("<script", -1).length;
        assertThat(elements)
                .isEqualTo(
                        HtmlReport.print(Samples.lostUpdate().finding())
                                .split("<script", -1)
                                .length);
        assertThat(page)
                .doesNotContain("alert(1)</script>", "<img", "<i>one")
                .matches("\\p{ASCII}*");
        assertThat(data(page).path("error").asString())
                .contains("</script><script>alert(1)</script>");
        assertThat(data(page).path("tasks").get(0).asString()).isEqualTo("main</script><b>");
    }

    @Test
    void thePageLoadsNothing() {
        String page = HtmlReport.print(Samples.lostUpdate().finding());
        assertThat(page)
                .contains("default-src 'none'")
                .doesNotContain(
                        "http://", "https://", "src=", "@import", "url(", "innerHTML", "eval(");
    }

    @Test
    void theScriptIsShort() {
        String page = HtmlReport.print(Samples.lostUpdate().finding());
        assertThat(page.substring(page.lastIndexOf("<script>")).lines().count()).isLessThan(1000);
    }

    @Test
    void theSameFindingIsTheSamePage() {
        assertThat(HtmlReport.print(Samples.deadlock().finding()))
                .isEqualTo(HtmlReport.print(Samples.deadlock().finding()));
    }

    @Test
    void anUnpairedSurrogateCanBeWritten() {
        String page = HtmlReport.print(Samples.lostUpdate("half \ud83d of a pair").finding());
        assertThat(data(page).path("error").asString()).isEqualTo("half ? of a pair");
    }

    @Test
    void drawsThatAreNotOfTasksStandAtTheirOperations() {
        JsonNode data = data(HtmlReport.print(Samples.faults()));
        assertThat(data.path("draws").size()).isEqualTo(2);
        assertThat(data.path("draws").get(0).toString()).isEqualTo("[3,\"fault 1\",true]");
        assertThat(data.path("draws").get(1).toString())
                .isEqualTo("[5,\"wakes for no reason\",false]");
    }

    @Test
    void eachTaskOfADeadlockSaysWhatItWaitsFor() {
        JsonNode failures = data(HtmlReport.print(Samples.deadlock().finding())).path("failures");
        assertThat(failures.get(0).get(1).asString())
                .isEqualTo("waits for Forks.second, held by right, for ever");
    }

    @Test
    void bothSidesOfADataRaceSayWhatTheyAreAboutTo() throws Exception {
        JsonNode data = data(HtmlReport.print(WovenProgramTest.find("statics", true)));
        assertThat(data.path("failures").size()).isEqualTo(2);
        Set<Integer> tasks = new HashSet<>();
        for (JsonNode failure : data.path("failures")) {
            int index = failure.get(0).asInt();
            tasks.add(data.path("operations").path("task").get(index).asInt());
            assertThat(failure.get(1).asString()).matches("is about to (read|write) Races\\.plain");
        }
        assertThat(tasks).hasSize(2);
    }

    @Test
    void theStackThatIssuedAnOperationIsThere() throws Exception {
        JsonNode data = data(HtmlReport.print(WovenProgramTest.find("lostUpdate")));
        List<String> told = new ArrayList<>();
        JsonNode operations = data.path("operations");
        for (int i = 0; i < operations.path("call").size(); i++) {
            for (JsonNode frame : data.path("calls").get(operations.path("call").get(i).asInt())) {
                told.add(data.path("strings").get(frame.asInt()).asString());
            }
        }
        assertThat(told).contains("at programs.Races.lambda$lostUpdate$0(Races.java:15)");
        assertThat(data.path("calls").size()).isLessThan(operations.path("call").size());
    }
}
