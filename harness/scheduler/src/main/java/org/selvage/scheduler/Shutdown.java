package org.selvage.scheduler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a program ends that asks for it, or that wants something done at its end: {@link
 * Runtime#exit}, {@link Runtime#halt} and shutdown hooks.
 */
final class Shutdown {
    private final Execution execution;
    private final List<Thread> hooks = new ArrayList<>(0);
    private final List<Task> running = new ArrayList<>(0);
    private boolean begun;
    private @Nullable Verdict verdict;

    Shutdown(Execution execution) {
        this.execution = execution;
    }

    void clear() {
        hooks.clear();
        running.clear();
        begun = false;
        verdict = null;
    }

    /** The threads that are to run at the end. */
    List<Thread> hooks() {
        return hooks;
    }

    void add(Thread hook) {
        if (begun) {
            throw new IllegalStateException("Shutdown in progress");
        }
        if (hooks.contains(hook)) {
            throw new IllegalArgumentException("Hook previously registered");
        }
        if (hook.isAlive()) {
            throw new IllegalArgumentException("Hook already running");
        }
        hooks.add(hook);
    }

    boolean remove(Thread hook) {
        if (begun) {
            throw new IllegalStateException("Shutdown in progress");
        }
        return hooks.remove(hook);
    }

    /**
     * The program asks for its end; what it asked for first counts.
     *
     * @return whether hooks have to run first, or run already
     */
    boolean exit(int status, boolean withHooks) {
        if (verdict == null) {
            verdict =
                    status == 0
                            ? new Verdict.Passed()
                            : new Verdict.Failed(execution.current().name, new ExitStatus(status));
        }
        return withHooks && (begin() || !running.isEmpty());
    }

    /** Starts the hooks; false if there are none or they were started before. */
    @SuppressWarnings("DoNotCall") // the task is the thread, and runs what the thread would run
    boolean begin() {
        if (begun) {
            return false;
        }
        begun = true;
        for (Thread hook : hooks) {
            running.add(execution.add(hook, hook.getName(), hook::run));
        }
        return !running.isEmpty();
    }

    /** A task has ended; whether it was the last hook. */
    boolean ended(Task task) {
        return running.remove(task) && running.isEmpty();
    }

    /** How the program ends. */
    Verdict verdict() {
        Verdict asked = verdict;
        return asked == null ? new Verdict.Passed() : asked;
    }

    /** A program that ends with another status than 0 says that it failed. */
    static final class ExitStatus extends Error {
        private static final long serialVersionUID = 1L;

        ExitStatus(int status) {
            super("the program exits with status=" + status);
        }
    }
}
