package org.selvage.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Cause;
import org.selvage.search.ClientHistory;
import org.selvage.search.Deviation;
import org.selvage.search.Schedule;
import org.selvage.search.Search;
import org.selvage.search.Signature;
import org.selvage.search.Trace;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON form of a finding, {@code finding.json}, version 1. The JSON schema {@code
 * finding.schema.json}, which lies beside this class, says what each member means.
 *
 * <p>The same finding is always written as the same bytes: there are no wall-clock times in it.
 */
public final class FindingJson {
    /** The version that is written, and the only one that is read. */
    static final int VERSION = 1;

    static final String FORMAT = "selvage-finding";

    /** Larger files are refused unread. */
    static final long MAX_BYTES = 64L << 20;

    static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    // ASCII alone also holds what is no valid Unicode, such as half
                                    // a surrogate pair.
                                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(32)
                                                    .maxStringLength(1 << 20)
                                                    .build())
                                    .build())
                    .build();

    private FindingJson() {}

    /** What makes two findings the same one. */
    record Identity(
            String subject,
            String profile,
            List<String> defects,
            String kind,
            String place,
            String words) {
        Identity {
            place = Signature.withoutLambdaNumbers(place);
        }

        static Identity of(Finding finding) {
            Schedule schedule = finding.schedule();
            return new Identity(
                    schedule.subject(),
                    schedule.profile(),
                    schedule.defects().stream().sorted().toList(),
                    finding.signature().kind(),
                    finding.signature().place(),
                    finding.signature().words());
        }
    }

    /**
     * Writes a finding; the members on the top level and the elements of long lists have a line
     * each.
     */
    public static String print(Finding finding) {
        ObjectNode root = tree(finding);
        StringBuilder text = new StringBuilder("{\n");
        int left = root.size();
        for (Map.Entry<String, JsonNode> member : root.properties()) {
            text.append("  ").append(quote(member.getKey())).append(": ");
            if (member.getValue() instanceof ArrayNode list && !list.isEmpty()) {
                text.append("[\n");
                for (int i = 0; i < list.size(); i++) {
                    text.append("    ").append(compact(list.get(i)));
                    text.append(i + 1 < list.size() ? ",\n" : "\n");
                }
                text.append("  ]");
            } else {
                text.append(compact(member.getValue()));
            }
            text.append(--left > 0 ? ",\n" : "\n");
        }
        return text.append("}\n").toString();
    }

    private static String compact(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    private static String quote(String text) {
        return MAPPER.writeValueAsString(text);
    }

    /** The finding as a tree. */
    static ObjectNode tree(Finding finding) {
        Schedule schedule = finding.schedule();
        Trace trace = finding.trace();
        List<Deviation> deviations = schedule.deviations();
        Timeline timeline = new Timeline(trace, deviations);
        ObjectNode root = MAPPER.createObjectNode();
        root.put("format", FORMAT).put("version", VERSION);
        root.set("identity", MAPPER.valueToTree(Identity.of(finding)));
        root.put("error", Wording.oneLine(finding.verdict().summary()));
        root.set("verdict", verdict(finding.verdict()));
        root.set("schedule", schedule(schedule));
        root.putObject("shrunk")
                .put("deviations", schedule.steps().size())
                .put("switches", finding.shrunk().switches())
                .put("executions", finding.shrunk().executions());
        root.set("search", search(finding.search()));
        root.set("options", strings(finding.options()));
        root.put("reproduce", finding.scheduleCommand());
        root.set("summary", strings(Story.sentences(finding.telling())));
        root.set("story", strings(Story.lines(finding.telling(), 100, false)));
        root.set("cause", cause(finding));
        root.set("hazards", HazardText.tree(finding.hazards()));
        root.set("history", history(finding.verdict()));
        root.set("tasks", strings(trace.tasks()));
        ObjectNode stacks = root.putObject("stacks");
        new TreeMap<>(trace.stacks()).forEach((task, stack) -> stacks.set(task, frames(stack)));
        root.put("digest", String.format("%016x", trace.digest()));
        ArrayNode stops = root.putArray("stops");
        for (Timeline.Stop stop : timeline.stops()) {
            stops.add(stop(stop, timeline, trace));
        }
        ArrayNode operations = root.putArray("operations");
        for (Trace.Step step : trace.steps()) {
            operations.add(operation(step, timeline));
        }
        return root;
    }

    /** Why it fails; null if that is not known. */
    private static JsonNode cause(Finding finding) {
        Cause cause = finding.cause();
        if (cause == null) {
            return MAPPER.getNodeFactory().nullNode();
        }
        ObjectNode node =
                MAPPER.createObjectNode()
                        .put("lastAvoidable", cause.lastAvoidable())
                        .put("inevitable", cause.inevitable())
                        .put("alternative", cause.alternative())
                        .put("continuations", cause.continuations())
                        .put("cutOff", cause.unknown());
        Cause.Race race = cause.race();
        if (race == null) {
            node.putNull("race");
        } else {
            node.putObject("race")
                    .put("first", race.first())
                    .put("second", race.second())
                    .put("firstOfNeighbour", race.firstOfNeighbour())
                    .put("secondOfNeighbour", race.secondOfNeighbour());
        }
        node.put("executions", cause.executions());
        node.set("sentences", strings(CauseText.sentences(finding.telling())));
        ObjectNode neighbour = node.putObject("neighbour");
        ArrayNode list = neighbour.putArray("deviations");
        for (Deviation d : cause.neighbourDeviations()) {
            list.add(deviation(d));
        }
        neighbour.set("tasks", strings(cause.neighbour().tasks()));
        Timeline timeline = new Timeline(cause.neighbour(), cause.neighbourDeviations());
        ArrayNode operations = neighbour.putArray("operations");
        for (Trace.Step step : cause.neighbour().steps()) {
            operations.add(operation(step, timeline));
        }
        return node;
    }

    private static ObjectNode deviation(Deviation d) {
        return MAPPER.createObjectNode()
                .put("task", d.task())
                .put("operation", d.operation())
                .put("draw", d.draw())
                .put("kind", lower(d.kind().name()))
                .put("picked", d.picked());
    }

    private static ObjectNode stop(Timeline.Stop stop, Timeline timeline, Trace trace) {
        return MAPPER.createObjectNode()
                .put("task", stop.task())
                .put("after", trace.steps().get(stop.from()).number())
                .put(
                        "until",
                        stop.until() < trace.steps().size()
                                ? trace.steps().get(stop.until()).number()
                                : 0)
                .put("reason", lower(stop.reason().name()))
                .put("by", stop.by())
                .put("before", timeline.pending(stop))
                .put("place", timeline.place(stop));
    }

    private static ObjectNode operation(Trace.Step step, Timeline timeline) {
        return MAPPER.createObjectNode()
                .put("step", step.number())
                .put("task", step.task())
                .put("kind", lower(step.kind().name()))
                .put("words", timeline.operation(step))
                .put("target", step.target())
                .put("object", step.object())
                .put("value", step.value())
                .put("place", Timeline.place(step))
                .put("operation", step.operation())
                .put("nanos", step.virtualNanos());
    }

    private static ObjectNode verdict(Verdict verdict) {
        ObjectNode node = MAPPER.createObjectNode();
        switch (verdict) {
            case Verdict.Failed failed -> {
                node.put("type", "failed").put("task", failed.task());
                node.put("exception", failed.cause().getClass().getName());
                String message = failed.cause().getMessage();
                node.put("message", message == null ? null : Wording.cut(message, Wording.LONGEST));
            }
            case Verdict.Deadlock deadlock -> {
                node.put("type", "deadlock");
                tasks(node.putArray("blocked"), deadlock.blocked());
            }
            case Verdict.Livelock livelock -> {
                node.put("type", "livelock");
                ArrayNode cycle = node.putArray("cycle");
                livelock.cycle().forEach(turn -> cycle.add(turn.describe()));
                tasks(node.putArray("tasks"), livelock.tasks());
            }
            case Verdict.Passed passed -> node.put("type", "passed");
            case Verdict.StepLimit limit -> node.put("type", "unknown").put("why", limit.summary());
            case Verdict.Unknown unknown ->
                    node.put("type", "unknown").put("why", unknown.summary());
            case Verdict.Diverged diverged ->
                    node.put("type", "diverged").put("why", diverged.summary());
            case Verdict.Broken broken -> node.put("type", "broken").put("why", broken.summary());
        }
        return node;
    }

    /** The clients' calls that no order explains; null if the failure is another. */
    private static JsonNode history(Verdict verdict) {
        if (!(verdict instanceof Verdict.Failed failed
                && failed.cause() instanceof ClientHistory.Bearer bearer)) {
            return MAPPER.getNodeFactory().nullNode();
        }
        ClientHistory history = bearer.clientHistory();
        ObjectNode node = MAPPER.createObjectNode();
        ArrayNode calls = node.putArray("calls");
        for (ClientHistory.Call call : history.calls()) {
            calls.addObject()
                    .put("process", call.process())
                    .put("words", call.words())
                    .put("invoked", call.invoked())
                    .put("ended", call.ended())
                    .put("position", call.position())
                    .put("impossible", call.impossible());
        }
        node.put("state", history.state());
        node.set("impossible", strings(history.impossible()));
        return node.put("violation", history.violation());
    }

    private static void tasks(ArrayNode list, List<Verdict.Blocked> tasks) {
        for (Verdict.Blocked task : tasks) {
            list.addObject()
                    .put("task", task.task())
                    .put("daemon", task.daemon())
                    .put("state", lower(task.state().name()))
                    .put("on", task.on())
                    .put("owner", task.owner())
                    .set("stack", frames(task.stack()));
        }
    }

    private static ObjectNode schedule(Schedule schedule) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("subject", schedule.subject()).put("profile", schedule.profile());
        node.set("defects", strings(schedule.defects()));
        node.put("seed", schedule.seed());
        ObjectNode parameters = node.putObject("parameters");
        new TreeMap<>(schedule.parameters()).forEach(parameters::put);
        node.put("fingerprint", schedule.fingerprint()).put("failure", schedule.failure());
        ArrayNode list = node.putArray("deviations");
        for (Schedule.Step step : schedule.steps()) {
            list.add(
                    deviation(step.deviation())
                            .put("expected", step.expected())
                            .put("comment", step.comment()));
        }
        return node;
    }

    /** What was tried, without the wall-clock time, which differs from one run to the next. */
    private static ObjectNode search(Search.Result search) {
        Search.Failure failure = search.failure();
        Verdict firstUnknown = search.firstUnknown();
        return MAPPER.createObjectNode()
                .put("executions", search.executions())
                .put("failingExecution", failure == null ? 0 : failure.execution() + 1)
                .put("schedules", search.schedules())
                .put("steps", search.steps())
                .put("switches", search.switches())
                .put("cutOff", search.unknown())
                .put("firstCutOff", firstUnknown == null ? "" : firstUnknown.summary());
    }

    private static ArrayNode frames(List<StackTraceElement> stack) {
        return strings(Wording.frames(stack).stream().map(Wording::frame).toList());
    }

    private static ArrayNode strings(List<String> values) {
        ArrayNode list = MAPPER.createArrayNode();
        values.forEach(list::add);
        return list;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /**
     * Reads what a filed finding is about.
     *
     * @throws FindingException with one line if the file is no finding of this version
     */
    static Identity readIdentity(Path file) throws FindingException {
        JsonNode identity = read(file).path("identity");
        List<String> defects = new ArrayList<>();
        identity.path("defects").forEach(defect -> defects.add(defect.asString("")));
        return new Identity(
                identity.path("subject").asString(""),
                identity.path("profile").asString(""),
                List.copyOf(defects),
                identity.path("kind").asString(""),
                identity.path("place").asString(""),
                identity.path("words").asString(""));
    }

    /**
     * Reads a finding's tree.
     *
     * @throws FindingException with one line if the file is no finding of this version
     */
    static JsonNode read(Path file) throws FindingException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new FindingException(
                        "the finding is too large: file=" + file + " limit=" + MAX_BYTES, null);
            }
            return parse(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        }
    }

    /**
     * Reads a finding's tree.
     *
     * @param name what the error messages call it
     * @throws FindingException with one line if the text is no finding of this version
     */
    static JsonNode parse(String name, String text) throws FindingException {
        try {
            JsonNode root = MAPPER.readTree(text);
            if (!root.path("format").asString("").equals(FORMAT)
                    || root.path("version").asInt(0) != VERSION) {
                throw new FindingException(
                        "this is no finding of a known version: file=" + name + " known=" + VERSION,
                        null);
            }
            return root;
        } catch (JacksonException e) {
            throw unreadable(name, e);
        }
    }

    private static FindingException unreadable(String name, Exception e) {
        return new FindingException(
                "the finding cannot be read: file="
                        + name
                        + " reason="
                        + Wording.cut(Wording.oneLine(String.valueOf(e.getMessage())), 120),
                e);
    }

    /**
     * One deviation of a schedule.
     *
     * @throws IllegalArgumentException if it is of no known kind
     */
    static Schedule.Step step(JsonNode d) {
        String kind = d.path("kind").asString("").toUpperCase(Locale.ROOT);
        return new Schedule.Step(
                new Deviation(
                        d.path("task").asInt(-1),
                        d.path("operation").asInt(-1),
                        d.path("draw").asInt(-1),
                        Choice.Kind.valueOf(kind),
                        d.path("picked").asInt(-1)),
                d.path("expected").asString(""),
                d.path("comment").asString(""));
    }
}
