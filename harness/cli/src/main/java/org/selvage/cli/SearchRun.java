package org.selvage.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.selvage.search.ParallelSearch;
import org.selvage.search.SavedSearch;
import org.selvage.search.Search;
import org.selvage.search.Subject;

/**
 * Runs a search on its workers, each with a session of its own; keeps its partial results on disk;
 * ends it cleanly when the JVM is asked to end.
 *
 * @param session what is searched
 * @param maxSteps after how many operations an execution is cut off
 * @param workers how many there are
 * @param setUp what is done to each worker's subject first
 * @param uncontrolled takes what the program used that is not controlled
 */
record SearchRun(
        Session session,
        long maxSteps,
        int workers,
        Consumer<Subject> setUp,
        Set<String> uncontrolled) {
    private static final long SAVE_NANOS = 30_000_000_000L;
    private static final long LOOK_MILLIS = 200L;

    /** How long a signal waits for the results; executions are short. */
    private static final long LAST_WORDS_SECONDS = 60L;

    /** Goes on where the search in the file ended. */
    void resume(ParallelSearch search, Path file, String subject) {
        try {
            SavedSearch.read(file).resume(search, file, subject);
        } catch (IOException e) {
            throw new Main.UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Searches until something is found, the budget is spent or a signal comes. */
    Search.Result run(
            ParallelSearch search,
            Path file,
            String subject,
            Consumer<List<String>> notes,
            PrintWriter stderr)
            throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Thread hook = new Thread(() -> end(search, never), "selvage-signal");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            long saved = System.nanoTime();
            do {
                saved = round(search, file, subject, notes, stderr, saved);
            } while (!search.isFinished());
        } finally {
            if (hook.getState() == Thread.State.NEW) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
        save(search, file, subject, stderr);
        return search.result();
    }

    /** The command prints its results and halts the JVM; until then the shutdown waits here. */
    private static void end(ParallelSearch search, CountDownLatch never) {
        search.stop();
        try {
            if (never.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody counts this down");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long round(
            ParallelSearch search,
            Path file,
            String subject,
            Consumer<List<String>> notes,
            PrintWriter stderr,
            long lastSaved)
            throws Exception {
        int count = Math.min(workers, search.mostWorkers());
        Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int worker = i;
            Thread thread =
                    new Thread(
                            () -> work(search, worker, count, notes, thrown),
                            "selvage-worker-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        long saved = lastSaved;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                thread.join(LOOK_MILLIS);
                if (System.nanoTime() - saved > SAVE_NANOS) {
                    save(search, file, subject, stderr);
                    saved = System.nanoTime();
                }
            }
        }
        Throwable problem = thrown.peek();
        if (problem instanceof Exception e) {
            throw e;
        }
        if (problem instanceof Error e) {
            throw e;
        }
        return saved;
    }

    private void work(
            ParallelSearch search,
            int worker,
            int count,
            Consumer<List<String>> notes,
            Queue<Throwable> thrown) {
        try {
            session.with(
                    maxSteps,
                    subject -> {
                        setUp.accept(subject);
                        search.work(subject, worker, count);
                        uncontrolled.addAll(subject.execution().uncontrolled());
                        return worker;
                    },
                    worker == 0 ? notes : silent -> {});
        } catch (Throwable e) {
            // Rethrown where the workers are waited for.
            thrown.add(e);
            search.stop();
        }
    }

    private static void save(ParallelSearch search, Path file, String subject, PrintWriter stderr) {
        try {
            SavedSearch.write(search, subject, file);
        } catch (IOException e) {
            stderr.println(
                    "selvage: the partial results were not written, the last ones are kept: file="
                            + file
                            + " cause="
                            + e);
            stderr.flush();
        }
    }
}
