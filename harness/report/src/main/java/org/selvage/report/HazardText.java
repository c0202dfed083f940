package org.selvage.report;

import java.util.ArrayList;
import java.util.List;
import org.selvage.scheduler.DataRaces;
import org.selvage.search.Hazards;
import org.selvage.search.LockCycle;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Data races and lock-order cycles that were seen on the way to a failure: apart from its story.
 */
final class HazardText {
    /** So many of each kind are told in text; the JSON has all. */
    private static final int MOST = 3;

    private HazardText() {}

    /** A heading and a few lines; nothing if nothing was seen. */
    static List<String> lines(Hazards hazards, int width) {
        List<String> sentences = sentences(hazards);
        if (sentences.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add("Seen on the way, and no failure by itself:");
        int races = Math.min(MOST, hazards.dataRaces().size());
        int cycles = Math.min(MOST, hazards.lockCycles().size());
        List<String> told = new ArrayList<>(sentences.subList(0, races));
        int firstCycle = hazards.dataRaces().size();
        told.addAll(sentences.subList(firstCycle, firstCycle + cycles));
        for (String sentence : told) {
            List<String> wrapped = Wording.wrap(sentence, width - 4, 4);
            for (int i = 0; i < wrapped.size(); i++) {
                lines.add((i == 0 ? "  " : "    ") + wrapped.get(i));
            }
        }
        int left = sentences.size() - told.size();
        if (left > 0) {
            lines.add("  and " + left + " more, in finding.json");
        }
        return lines;
    }

    /** A sentence for each: the data races, then the cycles. */
    static List<String> sentences(Hazards hazards) {
        List<String> sentences = new ArrayList<>();
        hazards.dataRaces().forEach(race -> sentences.add(Wording.oneLine(race.describe())));
        hazards.lockCycles().forEach(cycle -> sentences.add(Wording.oneLine(cycle.describe())));
        return sentences;
    }

    /** Both lists, as {@code finding.schema.json} has them. */
    static ObjectNode tree(Hazards hazards) {
        ObjectNode node = FindingJson.MAPPER.createObjectNode();
        ArrayNode races = node.putArray("dataRaces");
        for (DataRaces.Sighting race : hazards.dataRaces()) {
            ObjectNode told = races.addObject().put("variable", race.variable());
            told.set("first", access(race.first()));
            told.set("second", access(race.second()));
        }
        ArrayNode cycles = node.putArray("lockCycles");
        for (LockCycle cycle : hazards.lockCycles()) {
            ArrayNode edges = cycles.addObject().putArray("edges");
            for (LockCycle.Edge edge : cycle.edges()) {
                edges.addObject()
                        .put("task", edge.task())
                        .put("held", edge.held())
                        .put("heldAt", edge.heldAt())
                        .put("wanted", edge.wanted())
                        .put("wantedAt", edge.wantedAt());
            }
        }
        return node;
    }

    private static ObjectNode access(DataRaces.Access access) {
        ObjectNode node =
                FindingJson.MAPPER
                        .createObjectNode()
                        .put("task", access.task())
                        .put("write", access.write())
                        .put("place", access.place());
        ArrayNode stack = node.putArray("stack");
        Wording.frames(access.stack()).forEach(frame -> stack.add(Wording.frame(frame)));
        return node;
    }
}
