package org.selvage.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import org.selvage.scheduler.DataRaces;
import org.selvage.scheduler.Frames;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Deviation;
import org.selvage.search.LockCycle;
import org.selvage.search.Trace;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Findings as SARIF 2.1.0 (OASIS standard, 27 March 2020), for viewers of analysis results.
 *
 * <p>The place of a result is where it failed. Its related places are where the other tasks that
 * take part stood: the other side of the race. Its code flow has a thread flow for each of them,
 * with the operations that the story tells, in their order of execution. A place whose source file
 * is not known, because only the class's simple name is, is given as a logical location alone.
 */
public final class Sarif {
    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    private static final int FLOW_LENGTH = 40;

    private final BinaryOperator<String> sources;
    private final Finding finding;
    private final Trace trace;
    private final Timeline timeline;
    private final Plot plot;
    private final Map<String, StackTraceElement> classes = new HashMap<>();

    private Sarif(Finding finding, BinaryOperator<String> sources) {
        this.finding = finding;
        this.sources = sources;
        this.trace = finding.trace();
        List<Deviation> deviations = finding.schedule().deviations();
        this.timeline = new Timeline(trace, deviations);
        this.plot = new Plot(finding.telling(), timeline);
        trace.stacks().values().forEach(stack -> stack.forEach(this::learn));
    }

    /** Writes findings; source files are named by package and file. */
    public static String print(List<Finding> findings) {
        return print(
                findings,
                (className, file) -> {
                    int dot = className.lastIndexOf('.');
                    return (dot < 0 ? "" : className.substring(0, dot + 1).replace('.', '/'))
                            + file;
                });
    }

    /**
     * Writes findings.
     *
     * @param sources gives, for a class's binary name and the name of its source file, the file's
     *     path relative to the root of the repository, with slashes
     */
    public static String print(List<Finding> findings, BinaryOperator<String> sources) {
        ObjectNode root = FindingJson.MAPPER.createObjectNode();
        root.put("$schema", SCHEMA).put("version", "2.1.0");
        ObjectNode run = root.putArray("runs").addObject();
        ObjectNode driver = run.putObject("tool").putObject("driver");
        driver.put("name", "Selvage");
        Set<String> kinds = new LinkedHashSet<>();
        findings.forEach(finding -> kinds.add(finding.signature().kind()));
        ArrayNode rules = driver.putArray("rules");
        for (String kind : kinds) {
            ObjectNode rule = rules.addObject().put("id", ruleId(kind));
            rule.putObject("shortDescription")
                    .put("text", "An interleaving leads to: " + Wording.oneLine(kind));
        }
        run.put("columnKind", "utf16CodeUnits");
        ArrayNode results = run.putArray("results");
        List<String> order = List.copyOf(kinds);
        for (Finding finding : findings) {
            int index = order.indexOf(finding.signature().kind());
            Sarif sarif = new Sarif(finding, sources);
            results.add(sarif.result(index));
            sarif.notes(results);
        }
        return FindingJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private static String ruleId(String kind) {
        return "selvage/" + Wording.oneLine(kind).replace(' ', '/');
    }

    private void learn(StackTraceElement frame) {
        String name = frame.getClassName();
        if (frame.getFileName() != null && Frames.isProgram(name)) {
            classes.putIfAbsent(name.substring(name.lastIndexOf('.') + 1), frame);
        }
    }

    private ObjectNode result(int ruleIndex) {
        ObjectNode result = FindingJson.MAPPER.createObjectNode();
        result.put("ruleId", ruleId(finding.signature().kind())).put("ruleIndex", ruleIndex);
        result.put("kind", "fail").put("level", "error");
        List<String> sentences = Story.sentences(finding.telling());
        result.putObject("message").put("text", plain(String.join("\n", sentences)));
        ArrayNode locations = result.putArray("locations");
        ArrayNode related = result.putArray("relatedLocations");
        List<Integer> failing = timeline.failing();
        int id = 0;
        for (int task : plot.tasks()) {
            boolean first = locations.isEmpty() && failing.contains(task);
            String place = placeOf(task);
            if (!place.isEmpty()) {
                ObjectNode location = location(place, roleOf(task));
                if (first) {
                    locations.add(location);
                } else {
                    related.add(location.put("id", ++id));
                }
            }
        }
        result.set("codeFlows", flows());
        result.putObject("partialFingerprints").put("selvageFailure/v1", fingerprint());
        result.putObject("properties")
                .put("reproduce", finding.scheduleCommand())
                .put("subject", finding.schedule().subject())
                .put("profile", finding.schedule().profile());
        return result;
    }

    /** What was seen on the way, as notes: no failure by itself. */
    private void notes(ArrayNode results) {
        for (DataRaces.Sighting race : finding.hazards().dataRaces()) {
            race.first().stack().forEach(this::learn);
            race.second().stack().forEach(this::learn);
            note(
                    results,
                    "data-race",
                    race.describe(),
                    List.of(race.first().place(), race.second().place()));
        }
        for (LockCycle cycle : finding.hazards().lockCycles()) {
            note(
                    results,
                    "lock-order-cycle",
                    cycle.describe(),
                    cycle.edges().stream().map(LockCycle.Edge::wantedAt).toList());
        }
    }

    private void note(ArrayNode results, String rule, String text, List<String> places) {
        ObjectNode note = results.addObject().put("ruleId", "selvage/" + rule);
        note.put("kind", "fail").put("level", "note");
        note.putObject("message").put("text", plain(Wording.oneLine(text)));
        ArrayNode related = FindingJson.MAPPER.createArrayNode();
        for (String place : places) {
            ObjectNode location = location(Wording.place(place), "one side of it");
            if (note.has("locations")) {
                related.add(location.put("id", related.size() + 1));
            } else {
                note.putArray("locations").add(location);
            }
        }
        note.set("relatedLocations", related);
    }

    private String roleOf(int task) {
        String does =
                timeline.failing().contains(task)
                        ? " fails here"
                        : timeline.standing(task).isEmpty() ? " has been here" : " stands here";
        return timeline.name(task) + does;
    }

    /**
     * Where a task stands at the end, or its last operation that touched what another may touch.
     */
    private String placeOf(int task) {
        if (trace.verdict() instanceof Verdict.Failed failed && timeline.failing().contains(task)) {
            String failure = Frames.innermost(List.of(failed.cause().getStackTrace()));
            if (!failure.isEmpty()) {
                return Wording.place(failure);
            }
        }
        String standing = timeline.standing(task);
        if (!standing.isEmpty()) {
            return standing;
        }
        for (int index : plot.chosen(FLOW_LENGTH).reversed()) {
            Trace.Step step = trace.steps().get(index);
            if (step.task() == task && !Timeline.place(step).isEmpty()) {
                return Timeline.place(step);
            }
        }
        return "";
    }

    private ObjectNode location(String place, String words) {
        ObjectNode location = FindingJson.MAPPER.createObjectNode();
        int colon = place.lastIndexOf(':');
        String method = colon < 0 ? place : place.substring(0, colon);
        int line = colon < 0 ? 0 : line(place.substring(colon + 1));
        String simple = method.substring(0, Math.max(0, method.lastIndexOf('.')));
        StackTraceElement known = classes.get(simple);
        if (known != null && line > 0) {
            location.putObject("physicalLocation").set("artifactLocation", artifact(known));
            ((ObjectNode) location.get("physicalLocation"))
                    .putObject("region")
                    .put("startLine", line);
        }
        String qualified =
                known == null ? method : known.getClassName() + method.substring(simple.length());
        location.putArray("logicalLocations")
                .addObject()
                .put("fullyQualifiedName", qualified)
                .put("kind", "function");
        location.putObject("message").put("text", plain(words));
        return location;
    }

    private ObjectNode artifact(StackTraceElement known) {
        String path = sources.apply(known.getClassName(), String.valueOf(known.getFileName()));
        return FindingJson.MAPPER
                .createObjectNode()
                .put("uri", uri(path))
                .put("uriBaseId", "%SRCROOT%");
    }

    /** A relative reference as RFC 3986 wants it. */
    private static String uri(String path) {
        StringBuilder uri = new StringBuilder();
        for (byte b : path.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = (c < 0x80 && Character.isLetterOrDigit(c)) || "/-._~$".indexOf(c) >= 0;
            uri.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return uri.toString();
    }

    /**
     * A message without what would be taken for an embedded link: section 3.11.6 of the standard.
     */
    private static String plain(String text) {
        return text.replace("](", "] (");
    }

    private static int line(String text) {
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    }

    private ArrayNode flows() {
        ArrayNode flows = FindingJson.MAPPER.createArrayNode();
        Map<Integer, ArrayNode> byTask = new HashMap<>();
        List<ObjectNode> threads = new ArrayList<>();
        for (int index : plot.chosen(FLOW_LENGTH)) {
            Trace.Step step = trace.steps().get(index);
            ArrayNode steps = byTask.get(step.task());
            if (steps == null) {
                ObjectNode thread =
                        FindingJson.MAPPER.createObjectNode().put("id", timeline.name(step.task()));
                steps = thread.putArray("locations");
                byTask.put(step.task(), steps);
                threads.add(thread);
            }
            ObjectNode location = location(Timeline.place(step), timeline.operation(step));
            steps.addObject().put("executionOrder", step.number()).set("location", location);
        }
        if (!threads.isEmpty()) {
            ArrayNode list = flows.addObject().putArray("threadFlows");
            threads.forEach(list::add);
        }
        return flows;
    }

    private String fingerprint() {
        String text = FindingJson.MAPPER.writeValueAsString(FindingJson.Identity.of(finding));
        return HexFormat.of().formatHex(sha256(text), 0, 16);
    }

    private static byte[] sha256(String text) {
        try {
            return java.security.MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
