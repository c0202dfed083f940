package org.selvage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.selvage.scheduler.DataRaces;
import org.selvage.search.Hazards;
import org.selvage.search.LockCycle;
import tools.jackson.databind.JsonNode;

class HazardTextTest {
    private static final DataRaces.Access WRITE = access("writer", true, 12);
    private static final DataRaces.Access READ = access("reader", false, 20);
    private static final LockCycle CYCLE =
            new LockCycle(
                    List.of(
                            new LockCycle.Edge("a", "left", "Pair.a:1", "right", "Pair.a:2"),
                            new LockCycle.Edge("b", "right", "Pair.b:1", "left", "Pair.b:2")));

    private static DataRaces.Access access(String task, boolean write, int line) {
        StackTraceElement frame =
                new StackTraceElement("org.example.Counter", "touch", "Counter.java", line);
        return new DataRaces.Access(task, write, "Counter.touch:" + line, List.of(frame));
    }

    private static Finding finding() {
        return Samples.lostUpdate()
                .finding("scenario counter", "")
                .with(
                        new Hazards(
                                List.of(new DataRaces.Sighting("Counter.value", WRITE, READ)),
                                List.of(CYCLE)));
    }

    @Test
    void aFindingListsThemApartFromItsStory() {
        String text = TextReport.finding(finding());
        assertThat(text).contains("Seen on the way, and no failure by itself:");
        assertThat(text).contains("data race on Counter.value: writer writes at Counter.touch:12");
        assertThat(text).contains("lock-order cycle: a holds left");
        assertThat(text.lines().dropWhile(line -> !line.startsWith("Seen on")))
                .allMatch(line -> line.length() <= 100);
        assertThat(TextReport.finding(Samples.lostUpdate().finding("scenario counter", "")))
                .doesNotContain("Seen on the way");
    }

    @Test
    void manyAreCutInTextOnly() {
        List<DataRaces.Sighting> many =
                java.util.stream.IntStream.range(0, 9)
                        .mapToObj(i -> new DataRaces.Sighting("Counter.f" + i, WRITE, READ))
                        .toList();
        Finding finding =
                Samples.lostUpdate()
                        .finding("scenario counter", "")
                        .with(new Hazards(many, List.of(CYCLE)));
        assertThat(TextReport.finding(finding)).contains("and 6 more, in finding.json");
        assertThat(TextReport.finding(finding)).contains("lock-order cycle");
        assertThat(FindingJson.tree(finding).path("hazards").path("dataRaces")).hasSize(9);
    }

    @Test
    void theJsonHasBothSidesWithTheirStacks() {
        JsonNode hazards = FindingJson.tree(finding()).path("hazards");
        JsonNode first = hazards.path("dataRaces").path(0).path("first");
        assertThat(first.path("task").asString()).isEqualTo("writer");
        assertThat(first.path("write").asBoolean()).isTrue();
        assertThat(first.path("stack").path(0).asString()).contains("Counter.java:12");
        JsonNode edges = hazards.path("lockCycles").path(0).path("edges");
        assertThat(edges).hasSize(2);
        assertThat(edges.path(1).path("wanted").asString()).isEqualTo("left");
    }

    @Test
    void sarifHasNotes() {
        JsonNode results =
                FindingJson.MAPPER
                        .readTree(Sarif.print(List.of(finding())))
                        .path("runs")
                        .path(0)
                        .path("results");
        assertThat(results).hasSize(3);
        assertThat(results.path(1).path("ruleId").asString()).isEqualTo("selvage/data-race");
        assertThat(results.path(1).path("level").asString()).isEqualTo("note");
        assertThat(results.path(1).path("locations")).hasSize(1);
        assertThat(results.path(1).path("relatedLocations")).hasSize(1);
        assertThat(results.path(2).path("ruleId").asString()).isEqualTo("selvage/lock-order-cycle");
    }

    @Test
    void thePageHasThem() {
        assertThat(HtmlReport.print(finding())).contains("data race on Counter.value");
    }
}
