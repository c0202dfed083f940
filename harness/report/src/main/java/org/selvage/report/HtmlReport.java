package org.selvage.report;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.DataRaces;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Cause;
import org.selvage.search.ClientHistory;
import org.selvage.search.Deviation;
import org.selvage.search.Trace;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A finding as one HTML file that opens from disk without a network: a lane for each task, a row
 * for each operation, steps by the keyboard.
 *
 * <p>The data is embedded as JSON, once, in a form that a hundred thousand operations do not make
 * slow: a column for each property, and each distinct string only once. No text of the program
 * becomes markup: it is escaped where it is embedded, and the script only ever sets it as text. The
 * page's own policy forbids it to load anything.
 */
public final class HtmlReport {
    /** How much of both executions stands beside each other: steps before they part, and rows. */
    private static final int BESIDE_BEFORE = 6;

    private static final int BESIDE_ROWS = 80;

    private final Finding finding;
    private final Trace trace;
    private final Timeline timeline;
    private final List<Deviation> deviations;
    private final Map<String, Integer> strings = new LinkedHashMap<>();

    private HtmlReport(Finding finding) {
        this.finding = finding;
        this.trace = finding.trace();
        this.deviations = finding.schedule().deviations();
        this.timeline = new Timeline(trace, deviations);
    }

    /** Writes the page. The same finding always gives the same bytes, all of them ASCII. */
    public static String print(Finding finding) {
        return HtmlPage.print(
                HtmlPage.style(),
                HtmlPage.resource(HtmlReport.class, "report-body.html"),
                FindingJson.MAPPER.writeValueAsString(new HtmlReport(finding).data()),
                HtmlPage.resource(HtmlReport.class, "report.js"));
    }

    private ObjectNode data() {
        ObjectNode root = FindingJson.MAPPER.createObjectNode();
        root.put("title", Readme.title(finding));
        root.put("error", Wording.oneLine(timeline.summary()));
        root.put("reproduce", finding.scheduleCommand());
        Story.sentences(finding.telling()).forEach(root.putArray("summary")::add);
        Story.lines(finding.telling(), 100, false).forEach(root.putArray("story")::add);
        trace.tasks().forEach(root.putArray("tasks")::add);
        addTasks(root);
        addFailure(root);
        addOperations(root.putObject("operations"), root.putArray("calls"));
        addStops(root.putArray("stops"));
        addDraws(root.putArray("draws"));
        Cause cause = finding.cause();
        if (cause != null) {
            addCause(root.putObject("cause"), cause);
        }
        HazardText.sentences(finding.hazards()).forEach(root.putArray("hazards")::add);
        if (finding.verdict() instanceof Verdict.Failed failed
                && failed.cause() instanceof ClientHistory.Bearer bearer) {
            addHistory(root.putObject("history"), bearer.clientHistory());
        }
        // Last, as the others fill it.
        strings.keySet().forEach(root.putArray("strings")::add);
        return root;
    }

    private static void addHistory(ObjectNode root, ClientHistory history) {
        ArrayNode calls = root.putArray("calls");
        for (ClientHistory.Call call : history.calls()) {
            calls.addArray()
                    .add(call.process())
                    .add(Wording.oneLine(call.words()))
                    .add(call.invoked())
                    .add(call.ended())
                    .add(call.position())
                    .add(call.impossible());
        }
        root.put("state", Wording.oneLine(history.state()));
        history.impossible().forEach(root.putArray("impossible")::add);
    }

    /** What is known of the cause, and both executions beside each other from where they part. */
    private void addCause(ObjectNode root, Cause cause) {
        CauseText.sentences(finding.telling()).forEach(root.putArray("sentences")::add);
        Set<Integer> tasks = new TreeSet<>(Roles.of(finding.telling(), timeline));
        tasks.add(cause.alternative());
        Cause.Race race = cause.race();
        Set<Integer> here = race == null ? Set.of() : Set.of(race.first(), race.second());
        Set<Integer> there =
                race == null ? Set.of() : Set.of(race.firstOfNeighbour(), race.secondOfNeighbour());
        int from = Math.max(0, cause.lastAvoidable() - BESIDE_BEFORE);
        addSide(root.putArray("fails"), trace, timeline, tasks, from, here);
        Timeline passes = new Timeline(cause.neighbour(), cause.neighbourDeviations());
        addSide(root.putArray("passes"), cause.neighbour(), passes, tasks, from, there);
    }

    private static void addSide(
            ArrayNode list,
            Trace side,
            Timeline words,
            Set<Integer> tasks,
            int from,
            Set<Integer> race) {
        int left = BESIDE_ROWS;
        int last = race.stream().mapToInt(Integer::intValue).max().orElse(side.steps().size());
        for (Trace.Step step : side.steps().subList(from, side.steps().size())) {
            boolean isOfRace = race.contains(step.number());
            boolean isShown = tasks.contains(step.task()) && !Wording.isRelease(step.kind());
            if (step.number() <= last && (isOfRace || (isShown && left-- > 0))) {
                list.addArray()
                        .add(step.number())
                        .add(words.name(step.task()))
                        .add(words.told(step))
                        .add(Timeline.place(step))
                        .add(isOfRace);
            }
        }
    }

    private int id(String text) {
        return strings.computeIfAbsent(text, key -> strings.size());
    }

    private void addTasks(ObjectNode root) {
        boolean[] ended = new boolean[trace.tasks().size()];
        for (Trace.Step step : trace.steps()) {
            ended[step.task()] |= step.kind() == OperationKind.END;
        }
        ArrayNode list = root.putArray("ended");
        ObjectNode stacks = root.putObject("stacks");
        for (int task = 0; task < ended.length; task++) {
            list.add(ended[task]);
            List<StackTraceElement> stack = trace.stacks().get(trace.tasks().get(task));
            if (stack != null && !stack.isEmpty()) {
                Wording.stack(stack).forEach(stacks.putArray(Integer.toString(task))::add);
            }
        }
    }

    /** The last operation of each task that fails, and what becomes of the task then. */
    private void addFailure(ObjectNode root) {
        ArrayNode failures = root.putArray("failures");
        DataRaces.Sighting race = DataRaces.Sighting.of(trace.verdict());
        for (int i = 0; i < trace.steps().size(); i++) {
            int task = trace.steps().get(i).task();
            if (timeline.next(i) < trace.steps().size()) {
                continue;
            }
            if (race != null) {
                DataRaces.Access access = race.of(trace.tasks().get(task));
                if (access != null) {
                    failures.addArray().add(i).add("is " + race.aboutTo(access));
                }
            } else if (timeline.failing().contains(task)) {
                failures.addArray().add(i).add(failure(task));
            }
        }
    }

    private String failure(int task) {
        if (trace.verdict() instanceof Verdict.Failed failed) {
            return "fails: " + failed.cause().getClass().getSimpleName();
        }
        Verdict.Blocked blocked = timeline.blocked(task);
        return blocked == null
                ? "goes round for ever: livelock"
                : timeline.waits(blocked) + ", for ever";
    }

    /** What was drawn at operations beside which task runs, and whether it is a fault. */
    private void addDraws(ArrayNode list) {
        for (int i = 0; i < trace.steps().size(); i++) {
            Trace.Step step = trace.steps().get(i);
            String drawn = deviations.isEmpty() ? "" : finding.telling().drawn(step);
            if (!drawn.isEmpty()) {
                list.addArray().add(i).add(drawn).add(drawn.startsWith("fault "));
            }
        }
    }

    /**
     * A column for each property.
     *
     * @param calls receives each distinct stack that issued an operation, once
     */
    private void addOperations(ObjectNode columns, ArrayNode calls) {
        ArrayNode task = columns.putArray("task");
        ArrayNode kind = columns.putArray("kind");
        ArrayNode words = columns.putArray("words");
        ArrayNode object = columns.putArray("object");
        ArrayNode place = columns.putArray("place");
        ArrayNode nanos = columns.putArray("nanos");
        ArrayNode call = columns.putArray("call");
        Map<List<StackTraceElement>, Integer> known = new HashMap<>();
        for (Trace.Step step : trace.steps()) {
            task.add(step.task());
            kind.add(id(step.kind().name().toLowerCase(Locale.ROOT)));
            words.add(id(timeline.told(step)));
            object.add(id(Wording.oneLine(step.object())));
            place.add(id(Timeline.place(step)));
            nanos.add(step.virtualNanos());
            List<StackTraceElement> stack = trace.callsOf(step.number());
            if (!known.containsKey(stack)) {
                known.put(stack, known.size());
                ArrayNode frames = calls.addArray();
                Wording.stack(stack).forEach(frame -> frames.add(id(frame)));
            }
            call.add(known.get(stack));
        }
    }

    private void addStops(ArrayNode list) {
        for (Timeline.Stop stop : timeline.stops()) {
            list.addArray()
                    .add(stop.task())
                    .add(stop.from())
                    .add(stop.until())
                    .add(id(stop.reason().name().toLowerCase(Locale.ROOT)))
                    .add(stop.by())
                    .add(id(timeline.pending(stop)))
                    .add(id(timeline.place(stop)));
        }
    }
}
