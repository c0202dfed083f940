package org.selvage.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.DataRaces;
import org.selvage.scheduler.Frames;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Cause;
import org.selvage.search.Deviation;
import org.selvage.search.Trace;

/**
 * An execution as a short story: one column for each task that takes part, one line for each
 * operation that matters, and beside it the place in the source. Plain ASCII, except for the names
 * that the program itself chose.
 *
 * <pre>
 *  step  main                        thread-1            thread-2
 *     5  |                           read counter.value  |                    Counter.add:11
 *        |                           -- stopped before write counter.value    Counter.add:12
 *     8  |                           |                   write counter.value  Counter.add:12
 *    10  |                           write counter.value |                    Counter.add:12
 *    15  !! fails: AssertionError    |                   |                    Counter.check:16
 *        lost update: value=1
 * </pre>
 */
public final class Story {
    /** As many lines as fit on a screen. */
    static final int MAX_LINES = 25;

    private static final int QUOTES = 3;

    private static final int MIN_WIDTH = 60;
    private static final int MESSAGE_LINES = 3;

    private static final Pattern METHOD = Pattern.compile("(\\w\\.[\\w$]+)\\.[\\w$]+");
    private static final Pattern CLASS = Pattern.compile("(?<=[a-z] )[\\w$]+\\.(?=\\w)");

    private static final String BOLD = "\u001b[1m";
    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String DIM = "\u001b[2m";
    private static final String RESET = "\u001b[0m";

    private final Telling telling;
    private final Trace trace;
    private final Timeline timeline;
    private final Plot plot;
    private final List<Integer> lanes;
    private final int width;
    private final boolean colour;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> message = new ArrayList<>();

    /** One line of the table. Step 0 is none. */
    private record Row(int step, long nanos, int lane, String text, String place, String colour) {}

    private Story(Telling telling, int width, boolean colour) {
        this.telling = telling;
        this.trace = telling.trace();
        this.timeline = new Timeline(trace, telling.deviations());
        this.plot = new Plot(telling, timeline);
        this.lanes = List.copyOf(plot.tasks());
        this.width = Math.max(width, MIN_WIDTH);
        this.colour = colour;
    }

    /**
     * Tells an execution of which the schedule is not known: a stop that nothing else explains
     * counts as a preemption.
     *
     * @param width the number of columns, at least 60
     * @param colour whether the lines carry ANSI colours
     */
    public static List<String> lines(Trace trace, int width, boolean colour) {
        return lines(trace, List.of(), width, colour);
    }

    /**
     * Tells an execution.
     *
     * @param deviations the schedule that led to it
     * @param width the number of columns, at least 60
     * @param colour whether the lines carry ANSI colours
     * @return at most 25 lines
     */
    public static List<String> lines(
            Trace trace, List<Deviation> deviations, int width, boolean colour) {
        return lines(Telling.of(trace, deviations), width, colour);
    }

    static List<String> lines(Telling telling, int width, boolean colour) {
        if (telling.trace().steps().isEmpty()) {
            return List.of("no operation took effect");
        }
        return new Story(telling, width, colour).tell();
    }

    /**
     * The same in a few sentences: who was stopped where, what the others did meanwhile, where it
     * failed.
     *
     * @param deviations the schedule that led to it
     */
    public static List<String> sentences(Trace trace, List<Deviation> deviations) {
        return sentences(Telling.of(trace, deviations));
    }

    static List<String> sentences(Telling telling) {
        return telling.trace().steps().isEmpty()
                ? List.of()
                : new Story(telling, MIN_WIDTH, false).summarize();
    }

    // ---- rows

    private List<String> tell() {
        describeFailure();
        Map<String, Integer> leftOut = plot.leftOut();
        int room = MAX_LINES - 1 - message.size() - (leftOut.isEmpty() ? 0 : 1);
        int fixed =
                (telling.sources() == Sources.NONE ? 0 : QUOTES)
                        + plot.stops().size()
                        + (trace.verdict() instanceof Verdict.Deadlock ? lanes.size() : 0);
        build(plot.chosen(Math.max(2, room - Math.min(fixed, room / 2))), room);
        List<String> lines = render();
        for (String line : message) {
            lines.add(paint("        " + line, RED));
        }
        if (!leftOut.isEmpty()) {
            lines.add(paint(cut(leftOutLine(leftOut)), DIM));
        }
        return lines;
    }

    private String leftOutLine(Map<String, Integer> leftOut) {
        List<String> names = new ArrayList<>();
        leftOut.forEach((name, count) -> names.add(name + " (" + count + ")"));
        return " not shown, with the number of operations: " + String.join(", ", names);
    }

    private String cut(String text) {
        return Wording.cut(text, width);
    }

    private void build(List<Integer> chosen, int room) {
        List<Timeline.Stop> untold = new ArrayList<>(plot.stops());
        for (int index : chosen) {
            tellStops(untold, index);
            addStep(index);
        }
        tellStops(untold, Integer.MAX_VALUE);
        addDeadlock();
        addDataRace();
        addMissed();
        addGaps(room);
        addWaits(room);
    }

    /** Adds the stops that lie before an operation. */
    private void tellStops(List<Timeline.Stop> untold, int before) {
        while (!untold.isEmpty() && untold.getFirst().from() < before) {
            Timeline.Stop stop = untold.removeFirst();
            if (timeline.blocked(stop.task()) != null && stop.until() == trace.steps().size()) {
                continue;
            }
            String pending = timeline.pending(stop);
            if (pending.isEmpty() && timeline.place(stop).isEmpty()) {
                continue;
            }
            add(
                    0,
                    trace.steps().get(stop.from()).virtualNanos(),
                    stop.task(),
                    "-- stopped" + (pending.isEmpty() ? "" : " before " + pending),
                    timeline.place(stop),
                    YELLOW);
        }
    }

    private void addStep(int index) {
        Trace.Step step = trace.steps().get(index);
        boolean fails =
                trace.verdict() instanceof Verdict.Failed
                        && timeline.failing().contains(step.task())
                        && timeline.next(index) == trace.steps().size()
                        && DataRaces.Sighting.of(trace.verdict()) == null;
        if (fails && step.kind() != OperationKind.END) {
            add(
                    step.number(),
                    step.virtualNanos(),
                    step.task(),
                    timeline.told(step),
                    Timeline.place(step),
                    "");
        }
        if (fails) {
            add(step.number(), step.virtualNanos(), step.task(), failure(), failurePlace(), RED);
            quoteFailure(step);
            return;
        }
        String drawn = telling.drawn(step);
        String text = timeline.told(step) + (drawn.isEmpty() ? "" : " (" + drawn + ")");
        Row last = rows.isEmpty() ? null : rows.getLast();
        String place = Timeline.place(step);
        if (last != null
                && last.lane() == lanes.indexOf(step.task())
                && last.place().equals(place)
                && last.step() > 0
                && !isOfRace(index)
                && isRepeated(last.text(), text)) {
            rows.removeLast();
            add(
                    last.step(),
                    last.nanos(),
                    step.task(),
                    text + " x" + (times(last.text()) + 1),
                    place,
                    "");
            return;
        }
        add(step.number(), step.virtualNanos(), step.task(), text, place, "");
        if (isOfRace(index)) {
            quote(step, step.className(), step.line());
        }
    }

    /** The operations of the race have a line of their own and are quoted from the source. */
    private boolean isOfRace(int index) {
        Cause cause = telling.cause();
        Cause.Race race = cause == null ? null : cause.race();
        return race != null && (index == race.first() - 1 || index == race.second() - 1);
    }

    private void quoteFailure(Trace.Step step) {
        if (trace.verdict() instanceof Verdict.Failed failed) {
            for (StackTraceElement frame : failed.cause().getStackTrace()) {
                if (Frames.isProgram(frame.getClassName())) {
                    quote(step, frame.getClassName(), frame.getLineNumber());
                    return;
                }
            }
        }
    }

    private void quote(Trace.Step step, String className, int line) {
        String source = Wording.oneLine(telling.sources().line(className, line));
        if (!source.isEmpty()) {
            add(0, step.virtualNanos(), step.task(), "  > " + source, "", DIM);
        }
    }

    private static boolean isRepeated(String before, String now) {
        return before.equals(now) || before.startsWith(now + " x");
    }

    private static int times(String text) {
        int at = text.lastIndexOf(" x");
        return at < 0 || !text.substring(at + 2).chars().allMatch(Character::isDigit)
                ? 1
                : Integer.parseInt(text.substring(at + 2));
    }

    private void add(int step, long nanos, int task, String text, String place, String paint) {
        rows.add(new Row(step, nanos, lanes.indexOf(task), text, place, paint));
    }

    private void addDeadlock() {
        if (!(trace.verdict() instanceof Verdict.Deadlock)) {
            return;
        }
        long end = trace.steps().getLast().virtualNanos();
        for (int task : lanes) {
            Verdict.Blocked blocked = timeline.blocked(task);
            if (blocked != null) {
                add(0, end, task, "!! " + timeline.waits(blocked), timeline.standing(task), RED);
            }
        }
    }

    /** Both sides of a data race, which stand right before their accesses. */
    private void addDataRace() {
        DataRaces.Sighting race = DataRaces.Sighting.of(trace.verdict());
        if (race == null) {
            return;
        }
        Trace.Step last = trace.steps().getLast();
        for (DataRaces.Access access : List.of(race.first(), race.second())) {
            int task = trace.tasks().indexOf(access.task());
            if (lanes.contains(task)) {
                add(
                        0,
                        last.virtualNanos(),
                        task,
                        "!! " + race.aboutTo(access),
                        Wording.place(access.place()),
                        RED);
            }
        }
    }

    /** What another task had to do before the failure, and has not. */
    private void addMissed() {
        Trace.Step missed = telling.missed();
        boolean isTold =
                trace.verdict() instanceof Verdict.Deadlock
                        || DataRaces.Sighting.of(trace.verdict()) != null;
        if (missed != null
                && !isTold
                && lanes.contains(missed.task())
                && !timeline.failing().contains(missed.task())) {
            add(
                    0,
                    trace.steps().getLast().virtualNanos(),
                    missed.task(),
                    "-- not yet: " + timeline.operation(missed),
                    Timeline.place(missed),
                    YELLOW);
        }
    }

    /** Says where a task began to wait for a lock that it is told to take, where there is room. */
    private void addWaits(int room) {
        for (Timeline.Stop stop : timeline.stops()) {
            boolean told =
                    stop.reason() == Timeline.Reason.LOCK
                            && lanes.contains(stop.task())
                            && lanes.contains(stop.by())
                            && rows.stream().anyMatch(row -> row.step() == stop.until() + 1);
            if (told && rows.size() < room) {
                int at = 0;
                while (rows.get(at).step() <= stop.from() + 1) {
                    at++;
                }
                rows.add(
                        at,
                        new Row(
                                0,
                                trace.steps().get(stop.from()).virtualNanos(),
                                lanes.indexOf(stop.task()),
                                "-- waits to "
                                        + timeline.pending(stop)
                                        + ", held by "
                                        + timeline.name(stop.by()),
                                timeline.place(stop),
                                YELLOW));
            }
        }
    }

    /**
     * Says how many operations are left out, where there is room to say it; the largest gaps first.
     */
    private void addGaps(int room) {
        record Gap(int at, int count) {}
        List<Gap> gaps = new ArrayList<>();
        for (int i = 1; i < rows.size(); i++) {
            Row before = lastNumbered(i);
            Row after = rows.get(i);
            int count = after.step() - before.step() - 1;
            if (after.step() > 0 && before.step() > 0 && count > 0) {
                gaps.add(new Gap(i, hidden(before.step(), after.step())));
            }
        }
        gaps.removeIf(gap -> gap.count() < 3);
        gaps.sort((a, b) -> a.count() != b.count() ? b.count() - a.count() : a.at() - b.at());
        List<Gap> shown =
                new ArrayList<>(
                        gaps.subList(0, Math.max(0, Math.min(gaps.size(), room - rows.size()))));
        shown.sort((a, b) -> b.at() - a.at());
        for (Gap gap : shown) {
            Row after = rows.get(gap.at());
            String text = ".. " + gap.count() + " operations";
            rows.add(gap.at(), new Row(0, after.nanos(), after.lane(), text, "", DIM));
        }
    }

    private Row lastNumbered(int before) {
        for (int i = before - 1; i > 0; i--) {
            if (rows.get(i).step() > 0) {
                return rows.get(i);
            }
        }
        return rows.getFirst();
    }

    /**
     * How many operations of the tasks that take part lie between two steps and are not nothing.
     */
    private int hidden(int after, int before) {
        int count = 0;
        for (int i = after; i < before - 1; i++) {
            Trace.Step step = trace.steps().get(i);
            if (lanes.contains(step.task()) && step.kind() != OperationKind.BEGIN) {
                count++;
            }
        }
        return count;
    }

    // ---- the failure

    private void describeFailure() {
        String text = timeline.summary();
        message.addAll(Wording.wrap(text, width - 8, MESSAGE_LINES));
    }

    private String failure() {
        if (trace.verdict() instanceof Verdict.Failed failed) {
            return "!! fails: " + failed.cause().getClass().getSimpleName();
        }
        return "!! fails";
    }

    private String failurePlace() {
        return trace.verdict() instanceof Verdict.Failed failed
                ? Wording.place(Frames.innermost(List.of(failed.cause().getStackTrace())))
                : "";
    }

    // ---- layout

    private List<String> render() {
        boolean timed = rows.stream().mapToLong(Row::nanos).max().orElse(0) >= 1_000_000L;
        int gutter = timed ? 17 : 7;
        int longest = rows.stream().mapToInt(row -> row.place().length()).max().orElse(0);
        int placeWidth = Math.min(longest, (width - gutter) * 2 / 5);
        int area = width - gutter - placeWidth - 1;
        int laneWidth = laneWidth(area);
        List<String> lines = new ArrayList<>();
        lines.add(paint(header(timed, laneWidth, area), BOLD));
        long shownTime = -1;
        for (Row row : rows) {
            StringBuilder line =
                    new StringBuilder(String.format("%5s  ", row.step() > 0 ? row.step() : ""));
            if (timed) {
                boolean again = row.nanos() / 1000 == shownTime / 1000 && shownTime >= 0;
                line.append(String.format("%8s  ", again ? "" : shortTime(row.nanos())));
                shownTime = row.nanos();
            }
            String cells = cells(row, laneWidth, area);
            boolean hasPlace = !row.place().isEmpty() && placeWidth > 0;
            String place = hasPlace ? Wording.cutStart(row.place(), placeWidth) : "";
            line.append(row.colour().isEmpty() ? cells : paint(cells, row.colour()));
            line.append(hasPlace ? " " + paint(place, DIM) : "");
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static String shortTime(long nanos) {
        // Reading the clock moves it by less than a microsecond; that is of no interest beside
        // milliseconds.
        return nanos < 1_000_000L ? "0 ms" : Wording.time(nanos / 1_000_000L * 1_000_000L);
    }

    /**
     * The last lane may need more than its share, as nothing follows into which its text could run
     * over.
     */
    private int laneWidth(int area) {
        int lane = 0;
        for (Row row : rows) {
            if (row.lane() == lanes.size() - 1) {
                lane = Math.max(lane, row.text().length() + 2);
            }
        }
        int even = area / lanes.size();
        if (lanes.size() == 1 || lane <= even) {
            return even;
        }
        int last = Math.max(even, Math.min(lane, area - 12 * (lanes.size() - 1)));
        return Math.min(even, (area - last) / (lanes.size() - 1));
    }

    private String header(boolean timed, int laneWidth, int area) {
        StringBuilder line = new StringBuilder(" step  ");
        if (timed) {
            line.append("    time  ");
        }
        int begin = line.length();
        for (int i = 0; i < lanes.size(); i++) {
            boolean last = i == lanes.size() - 1;
            String name = timeline.name(lanes.get(i));
            int space = last ? area - laneWidth * i : laneWidth;
            line.append(Wording.cut(name, space - 1));
            while (line.length() < begin + laneWidth * (i + 1) && !last) {
                line.append(' ');
            }
        }
        return line.toString();
    }

    private String cells(Row row, int laneWidth, int area) {
        StringBuilder cells = new StringBuilder(" ".repeat(area));
        for (int i = 0; i < lanes.size(); i++) {
            cells.setCharAt(i * laneWidth, '|');
        }
        int start = row.lane() * laneWidth;
        String text = fit(row.text(), area - start - 1);
        cells.replace(start, start + text.length(), text);
        // What the text runs over is blanked up to its end, so that no bar stands in the middle of
        // a word.
        int after = start + text.length();
        if (after < area && cells.charAt(after) == '|') {
            cells.setCharAt(after, ' ');
        }
        return cells.toString();
    }

    /**
     * Leaves out the method that reads or writes a variable, then the variable's class, before
     * anything else is cut.
     */
    private static String fit(String text, int width) {
        if (text.length() <= width) {
            return text;
        }
        String shorter = METHOD.matcher(text).replaceFirst("$1");
        if (shorter.length() > width) {
            shorter = CLASS.matcher(shorter).replaceFirst("");
        }
        return Wording.cut(shorter, width);
    }

    private String paint(String text, String code) {
        return colour ? code + text + RESET : text;
    }

    // ---- sentences

    private List<String> summarize() {
        List<String> sentences = new ArrayList<>();
        if (plot.earlierStops() > 0) {
            sentences.add(
                    Wording.count(plot.earlierStops(), "earlier stop is", "earlier stops are")
                            + " not told.");
        }
        for (Timeline.Stop stop : plot.stops()) {
            String pending = timeline.pending(stop);
            String place = timeline.place(stop);
            sentences.add(
                    timeline.name(stop.task())
                            + " is stopped"
                            + (pending.isEmpty() ? "" : " before " + pending)
                            + (place.isEmpty() ? "" : " at " + place)
                            + ".");
            sentences.addAll(meanwhile(stop));
            if (stop.until() < trace.steps().size()) {
                sentences.add(timeline.name(stop.task()) + " goes on.");
            }
        }
        sentences.addAll(collision());
        switch (trace.verdict()) {
            case Verdict.Failed failed ->
                    sentences.add(
                            Wording.oneLine(failed.task())
                                    + " fails"
                                    + (failurePlace().isEmpty() ? "" : " at " + failurePlace())
                                    + ": "
                                    + Wording.oneLine(failed.summary()));
            case Verdict.Deadlock deadlock -> {
                for (Verdict.Blocked blocked : deadlock.blocked()) {
                    if (!blocked.daemon()) {
                        sentences.add(
                                Wording.oneLine(blocked.task())
                                        + " "
                                        + timeline.waits(blocked)
                                        + " for ever.");
                    }
                }
            }
            case Verdict.Livelock livelock -> sentences.add(Wording.oneLine(livelock.summary()));
            case Verdict.Passed passed -> sentences.add("It passes.");
            case Verdict.StepLimit limit -> sentences.add(limit.summary());
            case Verdict.Unknown unknown -> sentences.add(Wording.oneLine(unknown.summary()));
            case Verdict.Diverged diverged -> sentences.add(Wording.oneLine(diverged.summary()));
            case Verdict.Broken broken -> sentences.add(Wording.oneLine(broken.summary()));
        }
        return sentences;
    }

    /** Which two operations are in the order that matters. */
    private List<String> collision() {
        if (plot.collision().isEmpty()) {
            return List.of();
        }
        Trace.Step first = trace.steps().get(plot.collision().getFirst());
        Trace.Step second = trace.steps().get(plot.collision().getLast());
        return List.of(
                "What meets: "
                        + timeline.name(first.task())
                        + ", "
                        + timeline.operation(first)
                        + " at "
                        + Timeline.place(first)
                        + "; then "
                        + timeline.name(second.task())
                        + ", "
                        + timeline.operation(second)
                        + " at "
                        + Timeline.place(second)
                        + ".");
    }

    /** What the other tasks did during a stop: from where to where, and whether they ended. */
    private List<String> meanwhile(Timeline.Stop stop) {
        List<String> sentences = new ArrayList<>();
        for (int task : lanes) {
            String first = "";
            String last = "";
            boolean ended = false;
            boolean began = false;
            for (int i = stop.from() + 1; i < stop.until(); i++) {
                Trace.Step step = trace.steps().get(i);
                if (step.task() != task || task == stop.task()) {
                    continue;
                }
                String place = Timeline.place(step);
                first = first.isEmpty() ? place : first;
                last = place.isEmpty() ? last : place;
                ended |= step.kind() == OperationKind.END;
                began = true;
            }
            if (began) {
                String run =
                        first.isEmpty()
                                ? ""
                                : first.equals(last)
                                        ? " at " + first
                                        : " from " + first + " to " + last;
                sentences.add(
                        "Meanwhile "
                                + timeline.name(task)
                                + " runs"
                                + run
                                + (ended ? " and ends." : "."));
            }
        }
        return sentences;
    }
}
