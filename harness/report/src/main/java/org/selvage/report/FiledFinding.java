package org.selvage.report;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.selvage.search.Cause;
import org.selvage.search.Schedule;
import org.selvage.search.ScheduleText;
import org.selvage.search.Search;
import org.selvage.search.Shrinker;
import org.selvage.search.Trace;
import tools.jackson.databind.JsonNode;

/**
 * What is kept of a finding, and can be read back: its schedule and what it took to find it. All
 * the rest is told again from an execution of the schedule.
 *
 * @param schedule the schedule
 * @param search what was tried, without wall-clock time and without the failure; one execution if
 *     nothing is known of it
 * @param failingExecution the number of the execution that failed, from 0
 * @param switches how often a task that was stopped or had to wait goes on
 * @param shrinkExecutions how many executions shrinking took
 * @param options the options in force when it was found
 */
public record FiledFinding(
        Schedule schedule,
        Search.Result search,
        long failingExecution,
        int switches,
        long shrinkExecutions,
        List<String> options) {

    /** A schedule of which nothing else is known. */
    public static FiledFinding of(Schedule schedule) {
        Search.Result once = new Search.Result(null, 1, 0, 0, 1, 0, 0, null, false);
        return new FiledFinding(schedule, once, 0, 0, 0, List.of());
    }

    /**
     * Reads a schedule file, a {@code finding.json}, or the folder of a finding.
     *
     * @throws FindingException with one line if it is none of these
     */
    public static FiledFinding read(Path path) throws FindingException {
        if (Files.isDirectory(path)) {
            Path json = path.resolve("finding.json");
            return read(Files.exists(json) ? json : path.resolve("minimal.schedule"));
        }
        try {
            if (Files.size(path) > FindingJson.MAX_BYTES) {
                throw new FindingException("the file is too large: file=" + path, null);
            }
            String text = Files.readString(path);
            return text.stripLeading().startsWith("{")
                    ? parseJson(path.toString(), text)
                    : of(ScheduleText.parse(text));
        } catch (NoSuchFileException e) {
            throw new FindingException("there is no such schedule or finding: file=" + path, e);
        } catch (CharacterCodingException e) {
            throw new FindingException("the file is no text: file=" + path, e);
        } catch (IOException e) {
            throw new FindingException("the file cannot be read: file=" + path + " cause=" + e, e);
        } catch (ScheduleText.SyntaxException e) {
            throw new FindingException(path + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads the text of a {@code finding.json}.
     *
     * @param name what the error messages call it
     * @throws FindingException with one line if it is no finding of this version
     */
    public static FiledFinding parseJson(String name, String text) throws FindingException {
        JsonNode root = FindingJson.parse(name, text);
        Schedule schedule;
        try {
            // The text form is the one place that knows what a schedule may hold.
            schedule = ScheduleText.parse(ScheduleText.print(schedule(root.path("schedule"))));
        } catch (ScheduleText.SyntaxException | IllegalArgumentException e) {
            throw new FindingException(
                    "the finding holds no schedule: file="
                            + name
                            + " reason="
                            + Wording.cut(Wording.oneLine(String.valueOf(e.getMessage())), 120),
                    e);
        }
        JsonNode search = root.path("search");
        JsonNode shrunk = root.path("shrunk");
        return new FiledFinding(
                schedule,
                new Search.Result(
                        null,
                        Math.max(1, search.path("executions").asLong(1)),
                        search.path("steps").asLong(0),
                        search.path("switches").asLong(0),
                        search.path("schedules").asLong(1),
                        0,
                        Math.max(0, search.path("cutOff").asLong(0)),
                        null,
                        false),
                Math.max(0, search.path("failingExecution").asLong(1) - 1),
                shrunk.path("switches").asInt(0),
                shrunk.path("executions").asLong(0),
                strings(root.path("options")));
    }

    private static Schedule schedule(JsonNode node) {
        Map<String, String> parameters = new TreeMap<>();
        node.path("parameters")
                .properties()
                .forEach(entry -> parameters.put(entry.getKey(), entry.getValue().asString("")));
        List<Schedule.Step> steps = new ArrayList<>();
        for (JsonNode d : node.path("deviations")) {
            steps.add(FindingJson.step(d));
        }
        return new Schedule(
                node.path("subject").asString(""),
                node.path("profile").asString(""),
                strings(node.path("defects")),
                node.path("seed").asLong(0),
                parameters,
                node.path("fingerprint").asString(""),
                node.path("failure").asString(""),
                steps);
    }

    private static List<String> strings(JsonNode list) {
        List<String> values = new ArrayList<>();
        list.forEach(value -> values.add(value.asString("")));
        return List.copyOf(values);
    }

    /**
     * The finding that an execution of the schedule tells again.
     *
     * @param replayed the execution, which failed
     * @param command the command that reproduces it
     * @param cause why it fails, or null if that is not known
     */
    public Finding told(Trace replayed, String command, @Nullable Cause cause, Sources sources) {
        Search.Failure failure =
                new Search.Failure(replayed.verdict(), schedule.deviations(), failingExecution);
        Search.Result result =
                new Search.Result(
                        failure,
                        search.executions(),
                        search.steps(),
                        search.switches(),
                        search.schedules(),
                        search.nanos(),
                        search.unknown(),
                        search.firstUnknown(),
                        search.exhausted());
        return new Finding(
                schedule,
                replayed,
                result,
                new Shrinker.Shrunk(schedule.deviations(), switches, shrinkExecutions),
                options,
                command,
                cause,
                sources);
    }
}
