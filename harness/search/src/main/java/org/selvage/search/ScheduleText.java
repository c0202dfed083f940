package org.selvage.search;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.selvage.scheduler.Choice;

/**
 * The text form of a schedule: a version line, a header of names and values, one line for each
 * deviation, and a closing line with their number, so that a file that was cut short is noticed.
 *
 * <pre>
 * selvage-schedule 1
 * scenario drop-vs-merge
 * profile mysql-5.7.22
 * seed 1
 * fingerprint 0f3c…
 * failure failed org.example.Error at Class.method:12
 *
 * 3@57.0 task 1 | lock FilSystem.mutex at FilSystem.lookup (2)   # master -> dropper
 * end 1
 * </pre>
 *
 * A deviation names the task's number, its count of operations and of draws since the last; what is
 * drawn; the task that is picked; and, behind the bar, what the drawing task is about to do and, in
 * brackets, for how many times it comes to that place. Behind a {@code #} with a blank before it
 * stand the names of the tasks: together with the place they find the deviation again in a program
 * that was edited elsewhere.
 */
public final class ScheduleText {
    /** The version that is written, and the only one that is read. */
    public static final int VERSION = 1;

    /** Larger files are refused unread. */
    public static final int MAX_CHARS = 16 << 20;

    private static final String MAGIC = "selvage-schedule ";
    private static final Pattern STEP =
            Pattern.compile(
                    "([0-9]{1,6})@([0-9]{1,9})\\.([0-9]{1,9}) (task|notify|value|spurious|timeout)"
                            + " ([0-9]{1,9}) \\|( .*)?");

    private ScheduleText() {}

    /** A schedule file cannot be read: one line that names the line and the reason. */
    public static final class SyntaxException extends Exception {
        private static final long serialVersionUID = 1L;

        SyntaxException(String message) {
            super(message);
        }
    }

    /** Writes a schedule. */
    public static String print(Schedule schedule) {
        StringBuilder text = new StringBuilder();
        text.append(MAGIC).append(VERSION).append('\n');
        text.append(schedule.subject()).append('\n');
        line(text, "profile", schedule.profile());
        for (String defect : schedule.defects()) {
            line(text, "defect", defect);
        }
        line(text, "seed", Long.toString(schedule.seed()));
        for (Map.Entry<String, String> parameter :
                new TreeMap<>(schedule.parameters()).entrySet()) {
            line(text, "parameter", parameter.getKey() + "=" + parameter.getValue());
        }
        line(text, "fingerprint", schedule.fingerprint());
        line(text, "failure", schedule.failure());
        text.append('\n');
        for (Schedule.Step step : schedule.steps()) {
            Deviation d = step.deviation();
            text.append(d.task()).append('@').append(d.operation()).append('.').append(d.draw());
            text.append(' ').append(d.kind().name().toLowerCase(Locale.ROOT));
            text.append(' ').append(d.picked()).append(" | ").append(step.expected());
            if (!step.comment().isEmpty()) {
                text.append("   # ").append(step.comment());
            }
            text.append('\n');
        }
        text.append("end ").append(schedule.steps().size()).append('\n');
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append(' ').append(value.replace('\n', ' ')).append('\n');
    }

    /**
     * Reads a schedule.
     *
     * @throws SyntaxException if it is not one, is of another version, or was cut short
     */
    public static Schedule parse(String text) throws SyntaxException {
        if (text.length() > MAX_CHARS) {
            throw new SyntaxException("the file is too large: chars=" + text.length());
        }
        String[] lines = text.split("\n", -1);
        checkVersion(lines[0].strip());
        Map<String, String> header = new LinkedHashMap<>();
        List<String> defects = new ArrayList<>();
        Map<String, String> parameters = new TreeMap<>();
        List<Schedule.Step> steps = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            String line = lines[i].strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("end ")) {
                checkEnd(lines, i + 1);
                return finish(line, i + 1, header, defects, parameters, steps);
            }
            if (Character.isDigit(line.charAt(0))) {
                steps.add(step(line, i + 1));
            } else {
                headerLine(line, i + 1, header, defects, parameters);
            }
        }
        throw new SyntaxException("the file was cut short: there is no closing line 'end N'");
    }

    private static void checkVersion(String first) throws SyntaxException {
        if (!first.startsWith(MAGIC)) {
            throw new SyntaxException(
                    "line 1: this is no schedule: it does not begin with 'selvage-schedule'");
        }
        String version = first.substring(MAGIC.length()).strip();
        if (!version.equals(Integer.toString(VERSION))) {
            throw new SyntaxException(
                    "line 1: this version of the schedule format is not known: version="
                            + shorten(version)
                            + " known="
                            + VERSION);
        }
    }

    private static void checkEnd(String[] lines, int from) throws SyntaxException {
        for (int i = from; i < lines.length; i++) {
            if (!lines[i].isBlank()) {
                throw new SyntaxException(
                        "line "
                                + (i + 1)
                                + ": nothing may follow the closing line: "
                                + shorten(lines[i].strip()));
            }
        }
    }

    private static void headerLine(
            String line,
            int number,
            Map<String, String> header,
            List<String> defects,
            Map<String, String> parameters)
            throws SyntaxException {
        int blank = line.indexOf(' ');
        String name = blank < 0 ? line : line.substring(0, blank);
        String value = blank < 0 ? "" : line.substring(blank + 1).strip();
        switch (name) {
            case "defect" -> defects.add(value);
            case "parameter" -> {
                int equals = value.indexOf('=');
                if (equals < 1) {
                    throw new SyntaxException(
                            "line " + number + ": a parameter is NAME=VALUE: " + shorten(line));
                }
                parameters.put(value.substring(0, equals), value.substring(equals + 1));
            }
            case "scenario", "main", "test", "profile", "seed", "fingerprint", "failure" -> {
                if (header.put(name, value) != null) {
                    throw new SyntaxException("line " + number + ": stands twice: " + name);
                }
            }
            default ->
                    throw new SyntaxException(
                            "line "
                                    + number
                                    + ": neither a header line nor a step: "
                                    + shorten(line));
        }
    }

    private static Schedule.Step step(String line, int number) throws SyntaxException {
        // Names of tasks, which stand in the comment, may have such a sign in them, too.
        int comment = line.indexOf(" # ", Math.max(0, line.indexOf('|')));
        String code = comment < 0 ? line : line.substring(0, comment).strip();
        Matcher m = STEP.matcher(code);
        boolean matches = m.matches();
        String expected = !matches || m.group(6) == null ? "" : m.group(6).strip();
        if (!matches || expected.startsWith("# ")) {
            throw new SyntaxException(
                    "line "
                            + number
                            + ": a step is TASK@OPERATION.DRAW KIND PICK | EXPECTED: "
                            + shorten(line));
        }
        String said = comment < 0 ? "" : line.substring(comment + 3).strip();
        Choice.Kind kind = Choice.Kind.valueOf(m.group(4).toUpperCase(Locale.ROOT));
        return new Schedule.Step(
                new Deviation(
                        Integer.parseInt(m.group(1)),
                        Integer.parseInt(m.group(2)),
                        Integer.parseInt(m.group(3)),
                        kind,
                        Integer.parseInt(m.group(5))),
                expected,
                said);
    }

    private static Schedule finish(
            String line,
            int number,
            Map<String, String> header,
            List<String> defects,
            Map<String, String> parameters,
            List<Schedule.Step> steps)
            throws SyntaxException {
        if (!line.equals("end " + steps.size())) {
            throw new SyntaxException(
                    "line "
                            + number
                            + ": the file has another number of steps: says="
                            + shorten(line)
                            + " has="
                            + steps.size());
        }
        String subject = null;
        for (String kind : List.of("scenario", "main", "test")) {
            if (header.containsKey(kind)) {
                if (subject != null) {
                    throw new SyntaxException("more than one of scenario, main and test is named");
                }
                subject = kind + " " + header.get(kind);
            }
        }
        if (subject == null) {
            throw new SyntaxException("no line says which scenario, main or test to run");
        }
        return new Schedule(
                subject,
                header.getOrDefault("profile", ""),
                List.copyOf(defects),
                seed(header.getOrDefault("seed", "0")),
                Map.copyOf(parameters),
                header.getOrDefault("fingerprint", ""),
                header.getOrDefault("failure", ""),
                List.copyOf(steps));
    }

    private static long seed(String text) throws SyntaxException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new SyntaxException("the seed is no number: seed=" + shorten(text));
        }
    }

    private static String shorten(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
