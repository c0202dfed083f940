package org.selvage.cli;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.selvage.scheduler.ChoiceSource;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Carriers;
import org.selvage.search.ProgramEntry;
import org.selvage.search.Subject;
import org.selvage.weaver.Isolation;

/**
 * A program that nobody prepared, made ready to be searched: executed until it does the same each
 * time, or refused with one line that says why.
 */
final class ForeignProgram {
    private static final int MAX_UNWOVEN = 100;

    /** The class that a {@link VerifyError} speaks of. */
    private static final Pattern LOCATION =
            Pattern.compile("Location:\\s+([^\\s.]+)\\.|\\(class: ([^,\\s]+),");

    private final Entry entry;
    private final Isolation isolation;
    private final ProgramEntry program;

    ForeignProgram(Entry entry, Programs programs) {
        this.entry = entry;
        this.isolation = programs.isolation();
        int hash = entry.name().indexOf('#');
        this.program =
                entry.kind() == Entry.Kind.MAIN
                        ? ProgramEntry.main(isolation::next, entry.name(), entry.arguments())
                        : ProgramEntry.test(
                                isolation::next,
                                entry.name().substring(0, hash),
                                entry.name().substring(hash + 1));
    }

    /**
     * Executes the program as it runs when nobody intervenes.
     *
     * @throws Main.UsageException if it cannot be searched
     */
    Subject prepare(long maxSteps, Carriers.Handover<?> handover) {
        Subject subject = Subject.of(program, maxSteps);
        handover.watch(subject.execution()::steps);
        for (int attempt = 0; attempt <= MAX_UNWOVEN; attempt++) {
            Throwable failure = check();
            if (failure == null) {
                Verdict verdict = subject.execute(ChoiceSource.DEFAULT, null);
                failure = verdict instanceof Verdict.Failed failed ? failed.cause() : null;
                if (failure == null || !leavesUnwoven(failure)) {
                    refuse(verdict, subject);
                    return subject;
                }
            } else if (!leavesUnwoven(failure)) {
                throw doesNotFit(failure);
            }
        }
        throw new Main.UsageException(
                "the program does not verify after weaving: " + isolation.unwoven());
    }

    private @Nullable LinkageError check() {
        try {
            program.check();
            return null;
        } catch (ProgramEntry.NoSuchProgramException e) {
            throw new Main.UsageException(String.valueOf(e.getMessage()), e);
        } catch (LinkageError e) {
            return e;
        }
    }

    private Main.UsageException doesNotFit(Throwable cause) {
        return new Main.UsageException(
                "the program's classes do not fit together: "
                        + entry.line()
                        + " cause="
                        + cause.toString().lines().findFirst().orElse(""),
                cause);
    }

    /** Whether a class does not verify, and runs as it is from now on. */
    private boolean leavesUnwoven(Throwable cause) {
        if (!(cause instanceof VerifyError) || cause.getMessage() == null) {
            return false;
        }
        Matcher location = LOCATION.matcher(cause.getMessage());
        if (!location.find()) {
            return false;
        }
        String name = location.group(1) == null ? location.group(2) : location.group(1);
        String reason = cause.getMessage().lines().findFirst().orElse("");
        return isolation.leaveUnwoven(name.replace('/', '.'), "does not verify: " + reason);
    }

    private void refuse(Verdict verdict, Subject subject) {
        if (verdict instanceof Verdict.Failed failed) {
            Throwable cause = failed.cause();
            if (cause instanceof StandardStreams.InputError) {
                throw new Main.UsageException(
                        "the program reads standard input, which differs between executions: "
                                + entry.line(),
                        cause);
            }
            boolean early = subject.execution().taskCount() == 1;
            if (entry.kind() == Entry.Kind.MAIN
                    && (needsArguments(cause) || (failed.isExit() && early))) {
                throw new Main.UsageException(
                        "the program ends before there is anything to search; if its main needs"
                                + " arguments, give them last, after --: "
                                + entry.line()
                                + " cause="
                                + failed.summary(),
                        cause);
            }
            if (cause instanceof LinkageError) {
                throw doesNotFit(cause);
            }
        } else if (verdict instanceof Verdict.Passed && subject.execution().taskCount() == 1) {
            throw new Main.UsageException(
                    "the program starts no thread, so there is nothing to search: " + entry.line());
        }
    }

    /** Whether code of the program looked for an argument where none was given. */
    private boolean needsArguments(Throwable cause) {
        StackTraceElement[] stack = cause.getStackTrace();
        return entry.arguments().isEmpty()
                && cause instanceof ArrayIndexOutOfBoundsException
                && String.valueOf(cause.getMessage()).endsWith("out of bounds for length 0")
                && isCalledByMainAlone(stack);
    }

    /** Whether main's own call is among these frames, and nothing of the JDK between. */
    private boolean isCalledByMainAlone(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            if (frame.getModuleName() != null) {
                return false;
            }
            if (frame.getClassName().equals(entry.name()) && frame.getMethodName().equals("main")) {
                return true;
            }
        }
        return false;
    }

    /** What is not as in a scenario: statics, and classes that run unwoven. */
    List<String> notes() {
        List<String> notes = new java.util.ArrayList<>();
        notes.add(isolation.describe());
        for (String unwoven : isolation.unwoven()) {
            notes.add("note: runs without scheduling points: " + unwoven);
        }
        return notes;
    }
}
