package org.selvage.checker;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.selvage.checker.format.HistoryFormat;
import org.selvage.checker.history.EventKind;
import org.selvage.checker.history.History;
import org.selvage.checker.history.HistoryRecorder;
import org.selvage.checker.search.Meter;
import org.selvage.checker.specification.CasRegister;
import org.selvage.checker.specification.Specification;
import org.selvage.checker.specification.Specifications;
import org.selvage.checker.specification.TablespaceLifecycle;

/**
 * Measures the checker and writes a table to the standard output; run by hand, with the folder of
 * shared histories in selvage.histories.
 */
public final class CheckerBenchmark {
    private final PrintWriter out;

    private CheckerBenchmark(PrintWriter out) {
        this.out = out;
    }

    /** Arguments: the parts to run, of shared, million, wide, loop; all when there are none. */
    public static void main(String[] arguments) throws IOException {
        List<String> parts =
                arguments.length == 0
                        ? List.of("shared", "loop", "wide", "million")
                        : List.of(arguments);
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        CheckerBenchmark benchmark = new CheckerBenchmark(out);
        for (String part : parts) {
            switch (part) {
                case "shared" -> benchmark.shared();
                case "million" -> benchmark.million();
                case "wide" -> benchmark.wide();
                case "loop" -> benchmark.loop();
                case "stream" -> benchmark.stream();
                default -> out.println("unknown part=" + part);
            }
        }
    }

    /**
     * Processor time of this thread in nanoseconds, which other programs on the machine do not
     * change much.
     */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private void shared() throws IOException {
        List<History> etcd = new ArrayList<>();
        for (SharedHistories.Known known : SharedHistories.all()) {
            if (known.specification() instanceof CasRegister) {
                etcd.add(HistoryFormat.read(known.file()));
            }
        }
        for (int round = 0; round < 12; round++) {
            long start = cpu();
            for (History history : etcd) {
                new Checker<>(new CasRegister())
                        .isValid(history, Criterion.STRICT, new Meter(Budget.unlimited()));
            }
            long decided = cpu();
            for (History history : etcd) {
                Checker.check(history, new CasRegister(), Budget.unlimited());
            }
            long explained = cpu();
            out.printf(
                    "etcd logs=%d round=%d decided=%.1fms with explanations=%.1fms%n",
                    etcd.size(), round, (decided - start) / 1e6, (explained - decided) / 1e6);
        }
    }

    private void million() {
        for (String model : List.of("register", "map", "set", "queue", "stack", "priority-queue")) {
            History history = Workload.of(model, 1_000_000, 8, true, 1);
            Specification<?> specification = Specifications.named(model).orElseThrow();
            for (int round = 0; round < 4; round++) {
                System.gc();
                report(model + " 1,000,000 operations 8 clients", specification, history);
            }
            report("the same with a bad response", specification, spoiled(model, history));
        }
    }

    /** The history with one more operation, whose response no order explains. */
    private static History spoiled(String model, History history) {
        HistoryRecorder recorder = new HistoryRecorder();
        history.replayTo(recorder);
        switch (model) {
            case "register" -> recorder.invoke(90, "read");
            case "map" -> recorder.invoke(90, "get", 1L);
            case "set" -> recorder.invoke(90, "contains", "never added");
            case "queue" -> recorder.invoke(90, "dequeue");
            case "stack" -> recorder.invoke(90, "pop");
            default -> recorder.invoke(90, "deleteMin");
        }
        recorder.ok(90, model.equals("set") ? (Object) true : (Object) 0L);
        return recorder.history();
    }

    private void wide() {
        Specification<?> register = Specifications.named("register").orElseThrow();
        Specification<?> cas = Specifications.named("cas-register").orElseThrow();
        for (int clients : new int[] {8, 16, 32}) {
            History history = Workload.of("register", 10_000, clients, false, 2);
            report("register non-unique 10,000 operations clients=" + clients, register, history);
            report("the same as cas-register", cas, history);
        }
        for (int operations : new int[] {10_000, 100_000}) {
            report(
                    "cas-register unique 8 clients operations=" + operations,
                    cas,
                    Workload.of("register", operations, 8, true, 3));
        }
    }

    private <S> void report(String what, Specification<S> specification, History history) {
        Runtime runtime = Runtime.getRuntime();
        long before = runtime.totalMemory() - runtime.freeMemory();
        long wall = System.nanoTime();
        long start = cpu();
        Verdict verdict =
                Checker.check(
                        history,
                        specification,
                        new Budget(120_000_000_000L, 1L << 29, Long.MAX_VALUE));
        long end = cpu();
        out.printf(
                "%s: %s cpu %.0fms wall %.0fms heap %d -> %d MiB%n",
                what,
                verdict.getClass().getSimpleName(),
                (end - start) / 1e6,
                (System.nanoTime() - wall) / 1e6,
                before >> 20,
                (runtime.totalMemory() - runtime.freeMemory()) >> 20);
        if (verdict instanceof Verdict.Unknown unknown) {
            out.println("  " + unknown.spent() + " " + unknown.progress());
        }
    }

    /**
     * Ten million operations of eight clients on a cas-register, one million passed on ten times,
     * in whatever heap the JVM was given.
     */
    private void stream() {
        Specification<?> register = Specifications.named("cas-register").orElseThrow();
        History block = Workload.of("register", 1_000_000, 8, false, 4);
        long start = cpu();
        StreamingChecker<?> checker =
                new StreamingChecker<>(register, "stream", false, Budget.unlimited());
        for (int i = 0; i < 10; i++) {
            checker.event(EventKind.INVOKE, 99, "write", null, 0);
            checker.event(EventKind.OK, 99, null, null, 0);
            block.replayTo(checker);
        }
        out.printf(
                "stream of 10,000,000 operations: %s %.0fms%n",
                checker.finish(), (cpu() - start) / 1e6);
    }

    /**
     * The cost for one execution of a search: a dozen operations of three clients on a tablespace,
     * recorded and checked.
     */
    private void loop() {
        HistoryRecorder recorder = new HistoryRecorder();
        Checker<TablespaceLifecycle.Tables> checker = new Checker<>(new TablespaceLifecycle());
        for (int round = 0; round < 6; round++) {
            long start = cpu();
            int executions = 100_000;
            int valid = 0;
            for (int i = 0; i < executions; i++) {
                recorder.clear();
                record(recorder, i % 16);
                valid +=
                        checker.check(recorder.history(), Budget.steps(1_000_000))
                                        instanceof Verdict.Valid
                                ? 1
                                : 0;
            }
            out.printf(
                    "drop against insert and read, 12 operations: %.2f us for an execution,"
                            + " valid=%d%n",
                    (cpu() - start) / 1e3 / executions, valid);
        }
    }

    private static void record(HistoryRecorder r, int variant) {
        r.invoke(0, "create", "t1");
        r.ok(0, "DB_SUCCESS");
        for (long key = 0; key < 4; key++) {
            r.invoke(0, "insert", "t1", key, "v" + key);
            r.ok(0, "DB_SUCCESS");
        }
        r.invoke(0, "create", "t2");
        r.invoke(1, "read", "t1", 2L);
        r.invoke(2, "drop", "t1");
        r.ok(0, "DB_SUCCESS");
        if (variant % 2 == 0) {
            r.ok(1, "v2");
            r.ok(2, "DB_SUCCESS");
        } else {
            r.ok(2, "DB_SUCCESS");
            r.ok(1, variant % 4 == 1 ? "DB_TABLE_NOT_FOUND" : "v2");
        }
        r.invoke(0, "insert", "t2", 7L, "x" + variant);
        r.invoke(1, "scan", "t1");
        r.invoke(2, "create", "t1");
        r.ok(1, "DB_TABLE_NOT_FOUND");
        r.ok(2, "DB_SUCCESS");
        r.ok(0, "DB_SUCCESS");
        r.invoke(1, "scan", "t1");
        r.ok(1, List.of());
        r.invoke(1, "scan", "t2");
        r.ok(1, List.of(List.of(7L, "x" + variant)));
    }
}
