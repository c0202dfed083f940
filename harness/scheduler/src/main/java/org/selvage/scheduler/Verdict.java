package org.selvage.scheduler;

import java.util.List;
import java.util.Locale;
import org.selvage.hooks.OperationKind;
import org.selvage.hooks.Sites;

/** How an execution ended. */
public sealed interface Verdict {

    /** Whether the program is at fault. */
    default boolean isFailure() {
        return this instanceof Failed || this instanceof Deadlock || this instanceof Livelock;
    }

    /** One line that says what happened. */
    String summary();

    /** All tasks that must end have ended, and none complained. */
    record Passed() implements Verdict {
        @Override
        public String summary() {
            return "passed";
        }
    }

    /**
     * A task ended with an exception that nobody handled.
     *
     * @param task the task's name
     * @param cause what it threw
     */
    record Failed(String task, Throwable cause) implements Verdict {
        @Override
        public String summary() {
            String message = cause.getMessage();
            return message == null ? cause.getClass().getName() : message;
        }

        /** Whether the program asked for its end, with another status than 0. */
        public boolean isExit() {
            return cause instanceof Shutdown.ExitStatus;
        }
    }

    /**
     * A task that is not a daemon can never run again.
     *
     * @param blocked every task that waits, with what it waits for
     */
    record Deadlock(List<Blocked> blocked) implements Verdict {
        @Override
        public String summary() {
            StringBuilder line = new StringBuilder("deadlock:");
            for (Blocked task : blocked) {
                line.append(' ').append(task.describe()).append(';');
            }
            line.setLength(line.length() - 1);
            return line.toString();
        }
    }

    /**
     * The program has come back to a state in which it was before, under a schedule that let each
     * task run that could: it may repeat what it did in between for ever.
     *
     * @param cycle the operations from the one state to the other, in order
     * @param tasks every task that has not ended, with where it stands
     */
    record Livelock(List<Turn> cycle, List<Blocked> tasks) implements Verdict {
        @Override
        public String summary() {
            StringBuilder line =
                    new StringBuilder("livelock: the same state again after operations=");
            line.append(cycle.size());
            for (Turn turn : cycle.subList(0, Math.min(cycle.size(), MAX_TOLD))) {
                line.append("; ").append(turn.describe());
            }
            return line.append(cycle.size() > MAX_TOLD ? "; ..." : "").toString();
        }

        private static final int MAX_TOLD = 8;
    }

    /**
     * An operation in a livelock's cycle.
     *
     * @param task the task's name
     * @param kind what it does
     * @param site where: an id of {@link Sites}
     */
    record Turn(String task, OperationKind kind, int site) {
        /** The task, what it does, to what and where. */
        public String describe() {
            Sites.Site place = Sites.get(site);
            String does = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            return task
                    + " "
                    + does
                    + (place.target().isEmpty() ? "" : " " + place.target())
                    + (site == 0 ? "" : " at " + place.place());
        }
    }

    /**
     * The execution was cut off: nothing is known of its end.
     *
     * @param steps how many operations it had seen
     * @param task the name of the task that ran then, or an empty string
     * @param stack its stack, innermost first
     */
    record StepLimit(long steps, String task, List<StackTraceElement> stack) implements Verdict {
        /** A limit that no task in particular has reached. */
        public StepLimit(long steps) {
            this(steps, "", List.of());
        }

        @Override
        public String summary() {
            return "unknown: step limit reached, steps=" + steps + where(task, stack);
        }
    }

    /**
     * Nothing can be said of the end: the harness cannot go on, or the end depends on what it does
     * not control.
     *
     * @param reason why, in a few words
     * @param task the name of the task that came to it
     * @param stack its stack, innermost first
     */
    record Unknown(String reason, String task, List<StackTraceElement> stack) implements Verdict {
        @Override
        public String summary() {
            return "unknown: " + reason + where(task, stack);
        }
    }

    /** Whether this was thrown for lack of memory, which is not the program's doing alone. */
    static boolean isOutOfMemory(Throwable thrown) {
        String tooLarge = "Requested array size exceeds VM limit"; // no memory would do
        return thrown instanceof OutOfMemoryError && !tooLarge.equals(thrown.getMessage());
    }

    /** A task, or the harness while it ran, got no more memory. */
    static Unknown outOfMemory(String task, OutOfMemoryError thrown) {
        return new Unknown(
                "a task ran out of memory (" + thrown.getMessage() + ")",
                task,
                List.of(thrown.getStackTrace()));
    }

    /**
     * A task had to wait where the JVM cannot suspend it: below a native frame, in a class
     * initialiser, or at a monitor that it came to inside the JDK.
     */
    static Unknown pinned(String task, List<StackTraceElement> stack) {
        return new Unknown(
                "a task must wait where it cannot be suspended (a native frame, a class initialiser,"
                        + " a monitor of the JDK, or no memory left)",
                task,
                stack);
    }

    /** The task and its innermost frame that is neither the JDK's nor the harness's. */
    private static String where(String task, List<StackTraceElement> stack) {
        StringBuilder text = new StringBuilder(task.isEmpty() ? "" : ", task=" + task);
        for (StackTraceElement frame : stack) {
            if (Frames.isProgram(frame.getClassName())) {
                return text.append(", frame=").append(frame).toString();
            }
        }
        return text.toString();
    }

    /**
     * A replay came to another operation than the schedule expects.
     *
     * @param difference the step, what was expected and what came
     */
    record Diverged(String difference) implements Verdict {
        @Override
        public String summary() {
            return "diverged: " + difference;
        }
    }

    /**
     * The harness itself failed.
     *
     * @param cause why
     */
    record Broken(Throwable cause) implements Verdict {
        @Override
        public String summary() {
            return "the harness failed: " + cause;
        }
    }

    /**
     * A task that waits for ever.
     *
     * @param task its name
     * @param daemon whether it is a daemon
     * @param state how it waits
     * @param on what it waits for
     * @param owner the task that has it, or an empty string
     * @param stack the task's stack, innermost first
     */
    record Blocked(
            String task,
            boolean daemon,
            Task.State state,
            String on,
            String owner,
            List<StackTraceElement> stack) {
        /** The task, how it waits, on what, and who has it. */
        public String describe() {
            return task
                    + " "
                    + state.name().toLowerCase(Locale.ROOT)
                    + (on.isEmpty() ? "" : " on " + on)
                    + (owner.isEmpty() ? "" : " owned by " + owner);
        }
    }
}
