package org.selvage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Search;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import tools.jackson.databind.JsonNode;

class BuildServerReportsTest {
    private static final Outcome RACE =
            new Outcome.Found(
                    Samples.dropAgainstMerge().finding("scenario drop-vs-merge", "mysql-5.7.22"));

    private static Outcome nothing(long executions, long unknown) {
        return new Outcome.Nothing(
                new Coverage(
                        "scenario drop-vs-merge",
                        "mariadb-10.2.9",
                        "portfolio",
                        List.of("budget=30s"),
                        new Search.Result(
                                null,
                                executions,
                                100,
                                10,
                                executions,
                                2_000_000_000L,
                                unknown,
                                unknown == 0 ? null : new Verdict.StepLimit(9),
                                false)));
    }

    private static Document parse(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    private static Element element(Document document, String name, int index) {
        return (Element) document.getElementsByTagName(name).item(index);
    }

    // ---- JUnit XML

    @Test
    void aFindingIsAFailureAndCutOffExecutionsAreNoPass() throws Exception {
        Document xml =
                parse(
                        JUnitXml.print(
                                List.of(RACE, nothing(1000, 0), nothing(1000, 7), nothing(0, 0))));
        Element suite = element(xml, "testsuite", 0);
        assertThat(suite.getAttribute("tests")).isEqualTo("4");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getAttribute("skipped")).isEqualTo("2");
        assertThat(suite.getAttribute("time")).isEqualTo("7.500");
        assertThat(element(xml, "testcase", 0).getAttribute("name"))
                .isEqualTo("drop-vs-merge under mysql-5.7.22");
        assertThat(element(xml, "failure", 0).getAttribute("message"))
                .isEqualTo(Samples.MISSING_SPACE);
        assertThat(element(xml, "failure", 0).getTextContent())
                .contains("-- stopped before lock FilSystem.mutex");
        assertThat(element(xml, "testcase", 1).getElementsByTagName("skipped").getLength())
                .isZero();
        assertThat(element(xml, "skipped", 0).getAttribute("message"))
                .isEqualTo("unknown: 7 executions were cut off");
        assertThat(element(xml, "skipped", 1).getAttribute("message"))
                .isEqualTo("unknown: no execution was finished");
    }

    @Test
    void whatXmlCannotHoldIsReplaced() throws Exception {
        String evil =
                "a ]]> b </failure> & \u0000 \u001b \ud83d \ud83d\ude00 \"quoted\"\nline\ttab";
        Document xml =
                parse(
                        JUnitXml.print(
                                List.of(new Outcome.Found(Samples.lostUpdate(evil).finding()))));
        // The summary stands there as the verdict has it; what XML has no characters for is marked.
        assertThat(element(xml, "failure", 0).getAttribute("message"))
                .isEqualTo(
                        "a ]]> b </failure> & \ufffd \ufffd \ufffd \ud83d\ude00 \"quoted\"\nline\ttab");
    }

    // ---- SARIF

    private static JsonNode sarif(Finding... findings) {
        return FindingJson.MAPPER.readTree(Sarif.print(List.of(findings)));
    }

    @Test
    void sarifNamesBothSidesOfTheRace() {
        JsonNode run = sarif(((Outcome.Found) RACE).finding()).path("runs").get(0);
        JsonNode result = run.path("results").get(0);
        JsonNode place = result.path("locations").get(0).path("physicalLocation");
        assertThat(place.path("artifactLocation").path("uri").asString())
                .isEqualTo("org/selvage/engine/tablespace/FilSystem.java");
        assertThat(place.path("region").path("startLine").asInt()).isEqualTo(309);
        JsonNode other = result.path("relatedLocations").get(0);
        assertThat(other.path("physicalLocation").path("artifactLocation").path("uri").asString())
                .isEqualTo("org/selvage/engine/tablespace/Mysql5722.java");
        assertThat(other.path("physicalLocation").path("region").path("startLine").asInt())
                .isEqualTo(140);
        assertThat(other.path("message").path("text").asString()).isEqualTo("dropper stands here");
        assertThat(result.path("message").path("text").asString())
                .contains("master is stopped before lock FilSystem.mutex");
        assertThat(run.path("tool").path("driver").path("rules").get(0).path("id").asString())
                .isEqualTo(result.path("ruleId").asString());
    }

    @Test
    void sarifThreadFlowsAreInOrderOfExecution() {
        JsonNode flow =
                sarif(Samples.lostUpdate().finding())
                        .path("runs")
                        .get(0)
                        .path("results")
                        .get(0)
                        .path("codeFlows")
                        .get(0);
        assertThat(flow.path("threadFlows").size()).isEqualTo(3);
        for (JsonNode thread : flow.path("threadFlows")) {
            int last = 0;
            for (JsonNode location : thread.path("locations")) {
                assertThat(location.path("executionOrder").asInt()).isGreaterThan(last);
                last = location.path("executionOrder").asInt();
            }
        }
    }

    @Test
    void aClassWhoseSourceIsNotKnownIsALogicalPlace() {
        // Nobody's stack is there that tells in which package FilSystem is.
        TraceBuilder b = new TraceBuilder("main", "one");
        b.begin(0).start(0, 1, "A.a:1").begin(1).read(1, "A.x", "Unknown.b:2").preempt(1, 0);
        b.write(0, "A.x", "A.a:2").write(1, "A.x", "Unknown.b:3").end(1);
        Finding finding =
                b.finding(
                        b.failed(
                                0,
                                new AssertionError("x"),
                                TraceBuilder.frame("example.A", "a", 4)),
                        "scenario x",
                        "");
        JsonNode related =
                sarif(finding)
                        .path("runs")
                        .get(0)
                        .path("results")
                        .get(0)
                        .path("relatedLocations")
                        .get(0);
        assertThat(related.has("physicalLocation")).isFalse();
        assertThat(related.path("logicalLocations").get(0).path("fullyQualifiedName").asString())
                .isEqualTo("Unknown.b");
    }

    @Test
    void sarifPathsCanBeThoseOfTheRepository() {
        String text =
                Sarif.print(
                        List.of(Samples.lostUpdate().finding()),
                        (name, file) -> "a module/src/" + file);
        assertThat(text).contains("\"a%20module/src/Counter.java\"");
    }

    @Test
    void oneFailureHasOneFingerprintWhateverItsMessage() {
        String first = fingerprint(Samples.lostUpdate("value=1").finding());
        assertThat(fingerprint(Samples.lostUpdate("value=2").finding())).isEqualTo(first);
        assertThat(fingerprint(Samples.deadlock().finding())).isNotEqualTo(first);
    }

    private static String fingerprint(Finding finding) {
        return sarif(finding)
                .path("runs")
                .get(0)
                .path("results")
                .get(0)
                .path("partialFingerprints")
                .path("selvageFailure/v1")
                .asString();
    }

    @Test
    void noFindingsAreAnEmptyRun() {
        assertThat(sarif().path("runs").get(0).path("results").isArray()).isTrue();
    }

    // ---- Markdown

    @Test
    void theSummaryHasARowForEachSearchAndFoldsTheStories() {
        String page = MarkdownSummary.print(List.of(RACE, nothing(1000, 0), nothing(1000, 7)));
        assertThat(page)
                .startsWith("### Selvage: 1 finding in 3 searches\n")
                .contains(
                        "| drop-vs-merge under mysql-5.7.22 | **found**: \\[ERROR\\] InnoDB: Trying")
                .contains(
                        "| drop-vs-merge under mariadb-10.2.9 | nothing found | 1,000 | 1,000 | 0 |")
                .contains(
                        "| drop-vs-merge under mariadb-10.2.9 | nothing found, in part unknown | 1,000 | 1,000 | 7 |")
                .contains(
                        "<details><summary>drop-vs-merge under mysql-5.7.22: IllegalStateException</summary>")
                .contains("```text\n./selvage replay findings/it/minimal.schedule\n```");
    }

    @Test
    void aMessageCannotEndTheFoldOrTheTable() {
        String page =
                MarkdownSummary.print(
                        List.of(
                                new Outcome.Found(
                                        Samples.lostUpdate("</details>|x\n| y | <script>")
                                                .finding())));
        assertThat(page.split("</details>", -1)).hasSize(3);
        assertThat(page).contains("&lt;/details&gt;\\|x \\| y \\| &lt;script&gt; |");
    }
}
