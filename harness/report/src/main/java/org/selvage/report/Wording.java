package org.selvage.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.Frames;
import org.selvage.search.Trace;

/**
 * How operations, places, stacks, times and counts are worded, the same in every form of a report.
 */
final class Wording {
    private static final Pattern LAMBDA = Pattern.compile("lambda\\$(\\w+)\\$\\d+");
    private static final int MAX_FRAMES = 20;

    private Wording() {}

    /**
     * The operation in words, with the object's number where the name alone does not tell which
     * one.
     */
    static String operation(Trace.Step step, boolean numbered) {
        String words = step.describe();
        String object = step.object();
        int hash = object.lastIndexOf('#');
        if (isBare(step, words) && namesObject(step.kind()) && !object.isEmpty()) {
            // Nothing in the source names it, as for a monitor.
            String verb = isFile(step.kind()) ? words.substring("file ".length()) : words;
            return verb + " " + (numbered || hash < 0 ? object : object.substring(0, hash));
        }
        if (hash < 0 || words.indexOf(' ') < 0) {
            return words;
        }
        String type = object.substring(0, hash);
        String verb = words.substring(0, words.indexOf(' '));
        if (step.target().startsWith(type + ".") && !isLock(step.kind())) {
            // The target names a method of the object's own class, as for an AtomicInteger.
            String method = step.target().substring(type.length() + 1);
            return verb + " " + (numbered ? object : type) + "." + method;
        }
        int element = step.target().endsWith("[]") ? object.lastIndexOf('[') : -1;
        String number = object.substring(hash, element < hash ? object.length() : element);
        return numbered ? words + " " + number : words;
    }

    private static boolean isBare(Trace.Step step, String words) {
        return words.indexOf(' ') < 0
                || words.equals(step.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    /** Whether the object says what an operation is about that has no name in the source. */
    private static boolean namesObject(OperationKind kind) {
        return switch (kind) {
            case READ, WRITE, UPDATE, WAIT, NOTIFY, NOTIFY_ALL -> true;
            case LOCK, TRY_LOCK, UNLOCK, MONITOR_ENTER, MONITOR_EXIT -> true;
            case FILE_READ, FILE_WRITE, FILE_FORCE -> true;
            case BEGIN, END, PARK, UNPARK, START, JOIN, SLEEP, YIELD, INTERRUPT -> false;
        };
    }

    /** Whether the operation is one of the disk. */
    static boolean isFile(OperationKind kind) {
        return kind == OperationKind.FILE_READ
                || kind == OperationKind.FILE_WRITE
                || kind == OperationKind.FILE_FORCE;
    }

    /** Whether the operation takes or gives a lock or a monitor. */
    static boolean isLock(OperationKind kind) {
        return switch (kind) {
            case LOCK, TRY_LOCK, UNLOCK, MONITOR_ENTER, MONITOR_EXIT -> true;
            case BEGIN,
                    END,
                    READ,
                    WRITE,
                    UPDATE,
                    WAIT,
                    NOTIFY,
                    NOTIFY_ALL,
                    PARK,
                    UNPARK,
                    START,
                    JOIN,
                    SLEEP,
                    YIELD,
                    INTERRUPT,
                    FILE_READ,
                    FILE_WRITE,
                    FILE_FORCE ->
                    false;
        };
    }

    /** Whether the operation gives a lock or a monitor back. */
    static boolean isRelease(OperationKind kind) {
        return kind == OperationKind.UNLOCK || kind == OperationKind.MONITOR_EXIT;
    }

    /** A place as it stands in the source: a lambda is shown as the method around it. */
    static String place(String place) {
        return place.startsWith("?") ? "" : LAMBDA.matcher(place).replaceAll("$1");
    }

    /**
     * The frames of the program, innermost first: without the harness, without what the JDK does
     * below the method that the program called, and without what started the thread.
     */
    static List<StackTraceElement> frames(List<StackTraceElement> stack) {
        List<StackTraceElement> shown = Frames.shown(stack.subList(0, taskBottom(stack)));
        int first = 0;
        while (first < shown.size() && !Frames.isProgram(shown.get(first).getClassName())) {
            first++;
        }
        int last = shown.size();
        while (last > first && !Frames.isProgram(shown.get(last - 1).getClassName())) {
            last--;
        }
        if (first == last) {
            return shown;
        }
        return shown.subList(Math.max(0, first - 1), last);
    }

    /** Where the frames of the task end and those of whoever runs it begin. */
    private static int taskBottom(List<StackTraceElement> stack) {
        for (int i = 0; i < stack.size(); i++) {
            StackTraceElement frame = stack.get(i);
            if (frame.getClassName().equals("org.selvage.scheduler.Execution")
                    && frame.getMethodName().equals("runTask")) {
                return i;
            }
        }
        return stack.size();
    }

    /** The frames as lines, each beginning with {@code at}; a long stack is cut, and says so. */
    static List<String> stack(List<StackTraceElement> stack) {
        List<StackTraceElement> frames = frames(stack);
        List<String> lines = new ArrayList<>();
        for (StackTraceElement frame : frames.subList(0, Math.min(MAX_FRAMES, frames.size()))) {
            lines.add("at " + oneLine(frame(frame)));
        }
        if (frames.size() > MAX_FRAMES) {
            lines.add(".. " + (frames.size() - MAX_FRAMES) + " more frames");
        }
        return lines;
    }

    /**
     * A frame without the names of the loader and the module, which say nothing about the program.
     */
    static String frame(StackTraceElement frame) {
        String source =
                frame.isNativeMethod()
                        ? "native"
                        : frame.getFileName() == null
                                ? "unknown source"
                                : frame.getFileName()
                                        + (frame.getLineNumber() > 0
                                                ? ":" + frame.getLineNumber()
                                                : "");
        return frame.getClassName() + "." + frame.getMethodName() + "(" + source + ")";
    }

    /** Virtual time in the largest unit that keeps it short. */
    static String time(long nanos) {
        if (nanos < 1_000_000L) {
            return number(nanos / 1e3) + " us";
        }
        return nanos < 1_000_000_000L ? number(nanos / 1e6) + " ms" : number(nanos / 1e9) + " s";
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        int end = text.length();
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
    }

    /** A message that is longer says no more; the readers of reports have limits of their own. */
    static final int LONGEST = 10_000;

    /** A count with its noun: {@code 1 switch}, {@code 1,200 executions}. */
    static String count(long count, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : many);
    }

    /**
     * Text on one line, without control characters, which a terminal would obey, and not endless.
     */
    static String oneLine(String whole) {
        String text = cut(whole, LONGEST);
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean unprintable =
                    Character.isISOControl(c)
                            || Character.getType(c) == Character.FORMAT
                            || c == '\u2028'
                            || c == '\u2029';
            line.append(unprintable ? ' ' : isHalf(text, i) ? '?' : c);
        }
        return line.toString().strip();
    }

    /** Whether a surrogate has lost its other half; no file in UTF-8 can hold it. */
    private static boolean isHalf(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c)
                && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }

    private static final Pattern METHOD_OF_VARIABLE =
            Pattern.compile("^(\\w+ [\\w$]+\\.[\\w$]+)\\.[\\w$]+");
    private static final Pattern CLASS_OF_VARIABLE = Pattern.compile("^(\\w+ )[\\w$]+\\.(?=\\w)");

    /**
     * An operation without the method that reads or writes a variable, and without the variable's
     * class.
     */
    static String shortened(String operation) {
        Matcher method = METHOD_OF_VARIABLE.matcher(operation);
        return method.find()
                ? CLASS_OF_VARIABLE.matcher(method.replaceFirst("$1")).replaceFirst("$1")
                : operation;
    }

    /** The parameters of a finding's scenario behind a comma, or nothing. */
    static String sizes(Finding finding) {
        String sizes = finding.schedule().sizes();
        return sizes.isEmpty() ? "" : ", " + sizes;
    }

    /** Cuts a text to a number of characters. */
    static String cut(String text, int width) {
        return text.length() <= width ? text : width < 3 ? "" : text.substring(0, width - 2) + "..";
    }

    /** Cuts a text to a number of characters; its end, which holds a line number, stays. */
    static String cutStart(String text, int width) {
        return text.length() <= width
                ? text
                : width < 3 ? "" : ".." + text.substring(text.length() - width + 2);
    }

    /** Breaks a text into lines of at most this width, at blanks where it can. */
    static List<String> wrap(String text, int width, int maxLines) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (rest.length() > width && lines.size() < maxLines - 1) {
            int at = rest.lastIndexOf(' ', width);
            at = at <= width / 3 ? width : at;
            lines.add(rest.substring(0, at).stripTrailing());
            rest = rest.substring(at).stripLeading();
        }
        if (!rest.isEmpty()) {
            lines.add(cut(rest, width));
        }
        return lines;
    }
}
