package org.selvage.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.selvage.checker.Criterion;
import org.selvage.checker.Explanation;
import org.selvage.checker.StreamingChecker;
import org.selvage.checker.Verdict;
import org.selvage.checker.history.History;
import org.selvage.checker.history.Intervals;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The results of {@code selvage check} for machines, and the data of a history's page. */
final class HistoryJson {
    /** The version of what {@code --json} prints. */
    static final int VERSION = 1;

    /** Longer histories appear on their page with the explained part only. */
    static final int MOST_EVENTS_ON_PAGE = 200_000;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build())
                    .build();

    private HistoryJson() {}

    /** All results as one object. */
    static String print(String model, Criterion criterion, List<ObjectNode> results, int status) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("version", VERSION);
        root.put("model", model);
        root.put("criterion", HistoryText.name(criterion));
        root.put("status", status);
        results.forEach(root.putArray("histories")::add);
        return MAPPER.writeValueAsString(root);
    }

    /** One result, without its history. */
    static ObjectNode of(HistoryResult result) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("file", result.file().toString());
        switch (result) {
            case HistoryResult.Unreadable unreadable -> {
                node.put("verdict", "unreadable");
                node.put("problem", unreadable.problem());
            }
            case HistoryResult.Streamed streamed -> streamed(node, streamed.result());
            case HistoryResult.Checked checked -> checked(node, checked);
        }
        return node;
    }

    private static void streamed(ObjectNode node, StreamingChecker.Result result) {
        node.put("streamed", true);
        switch (result) {
            case StreamingChecker.Result.Valid valid -> {
                node.put("verdict", "valid");
                node.put("events", valid.events());
            }
            case StreamingChecker.Result.Invalid invalid -> {
                node.put("verdict", "invalid");
                node.put("badCallLine", invalid.line());
                node.put("badCall", invalid.function());
            }
            case StreamingChecker.Result.Unknown unknown -> {
                node.put("verdict", "unknown");
                node.put("spent", unknown.spent());
                node.put("events", unknown.events());
            }
        }
    }

    private static void checked(ObjectNode node, HistoryResult.Checked checked) {
        History history = checked.history();
        Intervals intervals = Intervals.of(history);
        node.put("operations", intervals.count());
        switch (checked.verdict()) {
            case Verdict.Valid valid -> {
                node.put("verdict", "valid");
                ArrayNode order = node.putArray("linearization");
                for (int i = 0; i < valid.linearization().size(); i++) {
                    order.add(valid.linearization().operation(i));
                }
            }
            case Verdict.Unknown unknown -> {
                node.put("verdict", "unknown");
                node.put("spent", unknown.spent());
                node.put("progress", unknown.progress());
            }
            case Verdict.Invalid invalid -> {
                node.put("verdict", "invalid");
                explanation(node, history, intervals, invalid.explanation());
            }
        }
        if (!checked.weaker().isEmpty()) {
            Verdict last = checked.weaker().getLast();
            node.put(
                    "strongestThatHolds",
                    last instanceof Verdict.Valid ? HistoryText.name(last.criterion()) : null);
        }
    }

    private static void explanation(
            ObjectNode node, History history, Intervals intervals, Explanation why) {
        node.put("firstBadEvent", why.firstBadEvent());
        node.put("firstBadLine", history.line(why.firstBadEvent()));
        node.put("minimal", why.complete());
        operations(node.putArray("core"), intervals, why.core().operations());
        operations(node.putArray("context"), intervals, why.context().operations());
        why.legalPrefix().forEach(node.putArray("legalPrefix")::add);
        node.put("stateAfter", why.stateAfter());
        ArrayNode impossible = node.putArray("impossible");
        for (Explanation.Impossible next : why.impossible()) {
            impossible.addObject().put("operation", next.operation()).put("why", next.why());
        }
    }

    private static void operations(ArrayNode list, Intervals intervals, List<Integer> operations) {
        for (int operation : operations) {
            int event = intervals.invokedAt(operation);
            list.addObject()
                    .put("operation", operation)
                    .put("line", intervals.loaded().line(event))
                    .put("process", intervals.process(operation))
                    .put("words", intervals.operation(operation).toString());
        }
    }

    /** What the page of a history shows. */
    static String page(HistoryResult.Checked checked, String model) {
        ObjectNode root = of(checked);
        Intervals intervals = Intervals.of(checked.history());
        Verdict verdict = checked.verdict();
        root.put("model", model);
        root.put("criterion", HistoryText.name(verdict.criterion()));
        root.put("events", checked.history().size());
        Explanation why = verdict instanceof Verdict.Invalid i ? i.explanation() : null;
        boolean whole = checked.history().size() <= MOST_EVENTS_ON_PAGE;
        root.put("whole", whole);
        List<Integer> shown = new ArrayList<>();
        if (whole) {
            for (int operation = 0; operation < intervals.count(); operation++) {
                shown.add(operation);
            }
        } else if (why != null) {
            shown.addAll(why.context().operations());
        }
        columns(root.putObject("ops"), intervals, shown, places(verdict));
        crashes(root.putArray("crashes"), checked.history());
        return MAPPER.writeValueAsString(root);
    }

    /** Where each operation stands in the order that was found, counted from 1. */
    private static Map<Integer, Integer> places(Verdict verdict) {
        Map<Integer, Integer> places = new HashMap<>();
        switch (verdict) {
            case Verdict.Valid valid -> {
                for (int i = 0; i < valid.linearization().size(); i++) {
                    places.put(valid.linearization().operation(i), i + 1);
                }
            }
            case Verdict.Invalid invalid -> {
                int place = 0;
                for (int operation : invalid.explanation().legalPrefix()) {
                    places.put(operation, ++place);
                }
            }
            case Verdict.Unknown unknown -> places.clear();
        }
        return places;
    }

    private static void columns(
            ObjectNode node,
            Intervals intervals,
            List<Integer> shown,
            Map<Integer, Integer> places) {
        ArrayNode id = node.putArray("id");
        ArrayNode process = node.putArray("process");
        ArrayNode call = node.putArray("call");
        ArrayNode answer = node.putArray("answer");
        ArrayNode from = node.putArray("from");
        ArrayNode to = node.putArray("to");
        ArrayNode line = node.putArray("line");
        ArrayNode place = node.putArray("place");
        ArrayNode outcome = node.putArray("outcome");
        for (int operation : shown) {
            String words = intervals.operation(operation).toString();
            int arrow = Math.max(words.lastIndexOf(" -> "), words.lastIndexOf(" pending"));
            int end = intervals.lastEvent(operation);
            id.add(operation);
            process.add(intervals.process(operation));
            call.add(words.substring(0, arrow));
            answer.add(words.substring(arrow).strip().replaceFirst("^-> ", ""));
            from.add(intervals.invokedAt(operation));
            to.add(end == Intervals.NEVER ? -1 : end);
            line.add(intervals.loaded().line(intervals.invokedAt(operation)));
            place.add(places.getOrDefault(operation, 0));
            outcome.add(intervals.outcome(operation).name().toLowerCase(Locale.ROOT));
        }
        TreeSet<Integer> processes = new TreeSet<>();
        shown.forEach(operation -> processes.add(intervals.process(operation)));
        processes.forEach(node.putArray("processes")::add);
    }

    private static void crashes(ArrayNode list, History history) {
        for (int event = 0; event < history.size(); event++) {
            switch (history.kind(event)) {
                case CRASH -> list.addArray().add(event).add("crash");
                case RECOVERED -> list.addArray().add(event).add("recovered");
                case INVOKE, OK, FAIL, UNKNOWN -> {}
            }
        }
    }
}
