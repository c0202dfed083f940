package org.selvage.report;

import java.util.List;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.Choice;
import org.selvage.scheduler.Task;
import org.selvage.scheduler.Verdict;
import org.selvage.search.ClientHistory;
import org.selvage.search.Deviation;
import org.selvage.search.Trace;

/** Executions that several tests tell. */
final class Samples {
    private Samples() {}

    /** An execution with its schedule. */
    record Sample(Trace trace, List<Deviation> deviations, TraceBuilder builder) {
        Finding finding() {
            return builder.finding(trace, "scenario lost-update", "");
        }

        Finding finding(String subject, String profile) {
            return builder.finding(trace, subject, profile);
        }
    }

    private static Sample sample(TraceBuilder builder, Trace trace) {
        return new Sample(trace, builder.deviations(), builder);
    }

    /** Two tasks add 1 to a variable. */
    static Sample lostUpdate() {
        return lostUpdate("lost update: value=1");
    }

    static Sample lostUpdate(String message) {
        TraceBuilder b = new TraceBuilder("main", "one", "two");
        b.begin(0).start(0, 1, "Counter.run:20").start(0, 2, "Counter.run:21");
        b.begin(1).read(1, "Counter.value", "Counter.add:11").preempt(1, 2);
        b.begin(2).read(2, "Counter.value", "Counter.add:11");
        b.write(2, "Counter.value", "Counter.lambda$add$0:12").end(2);
        b.write(1, "Counter.value", "Counter.lambda$add$0:12").end(1);
        b.join(0, 1, "Counter.run:22").join(0, 2, "Counter.run:23");
        b.read(0, "Counter.value", "Counter.check:30").end(0);
        Trace trace =
                b.failed(
                        0,
                        new AssertionError(message),
                        TraceBuilder.frame("example.Counter", "check", 31),
                        TraceBuilder.frame("example.Counter", "run", 24),
                        TraceBuilder.frame("org.selvage.scheduler.Execution", "runTask", 172),
                        TraceBuilder.frame("example.Launcher", "main", 3));
        return sample(b, trace);
    }

    static final String MISSING_SPACE =
            "[ERROR] InnoDB: Trying to do I/O to a tablespace which does not exist. I/O type: read,"
                    + " page: [page id: space=32, page number=57890], I/O length: 16384 bytes";

    /**
     * The main race: a merge has passed its check, a drop stops new operations, the merge issues
     * its read.
     */
    static Sample dropAgainstMerge() {
        TraceBuilder b =
                new TraceBuilder("main", "master", "dropper", "read handler 0", "page cleaner");
        b.begin(0);
        for (int task = 1; task <= 4; task++) {
            b.start(0, task, "Workload.execute:" + (40 + task));
        }
        b.begin(1);
        for (int page = 0; page < 6; page++) {
            b.lock(1, "FilSystem.mutex", "FilSystem.size:210")
                    .unlock(1, "FilSystem.mutex", "FilSystem.size:214");
            b.lock(1, "BufferPool.mutex", "BufferPool.initForRead:88");
            b.unlock(1, "BufferPool.mutex", "BufferPool.initForRead:97");
            b.lock(1, "FilSystem.mutex", "FilSystem.io:301")
                    .unlock(1, "FilSystem.mutex", "FilSystem.io:322");
            b.lock(1, "AioArray.mutex", "AioArray.reserveSlot:51");
            b.unlock(1, "AioArray.mutex", "AioArray.reserveSlot:66");
        }
        b.lock(1, "FilSystem.mutex", "FilSystem.size:210")
                .unlock(1, "FilSystem.mutex", "FilSystem.size:214");
        b.lock(1, "BufferPool.mutex", "BufferPool.initForRead:88");
        b.unlock(1, "BufferPool.mutex", "BufferPool.initForRead:97").preempt(1, 2);
        b.begin(2).lock(2, "Dictionary.mutex", "Dictionary.drop:70");
        b.lock(2, "FilSystem.mutex", "Mysql5722.stopNewOps:112");
        b.step(
                2,
                OperationKind.UPDATE,
                "PendingOperations.word",
                "PendingOperations#2",
                "PendingOperations.stop:33");
        b.unlock(2, "FilSystem.mutex", "Mysql5722.stopNewOps:118");
        b.lock(2, "FilSystem.mutex", "Mysql5722.waitForPending:131");
        b.unlock(2, "FilSystem.mutex", "Mysql5722.waitForPending:135");
        b.step(2, OperationKind.SLEEP, "Thread.sleep", "", "Mysql5722.waitForPending:140");
        b.begin(3)
                .step(
                        3,
                        OperationKind.PARK,
                        "LockSupport.park",
                        "Condition#1",
                        "AioArray.await:80");
        b.begin(4).step(4, OperationKind.SLEEP, "Thread.sleep", "", "PageCleaner.run:25");
        b.time(20);
        b.lock(1, "FilSystem.mutex", "FilSystem.io:301");
        b.step(
                1,
                OperationKind.READ,
                "PendingOperations.word",
                "PendingOperations#2",
                "PendingOperations.count:41");
        b.unlock(1, "FilSystem.mutex", "FilSystem.io:306").end(1);
        b.stack(
                "dropper",
                TraceBuilder.frame("java.lang.Thread", "sleep", 509),
                TraceBuilder.frame(
                        "org.selvage.engine.tablespace.Mysql5722", "waitForPending", 140),
                TraceBuilder.frame(
                        "org.selvage.engine.tablespace.Mysql5722", "deleteTablespace", 60),
                TraceBuilder.frame("java.lang.Thread", "run", 1474));
        Trace trace =
                b.failed(
                        1,
                        new IllegalStateException(MISSING_SPACE),
                        TraceBuilder.frame("org.selvage.engine.tablespace.FilSystem", "io", 309),
                        TraceBuilder.frame(
                                "org.selvage.engine.bufferpool.BufferPool", "readMergePage", 140));
        return sample(b, trace);
    }

    /** Two tasks take two locks in opposite order. */
    static Sample deadlock() {
        TraceBuilder b = new TraceBuilder("main", "left", "right");
        b.begin(0).start(0, 1, "Forks.run:10").start(0, 2, "Forks.run:11");
        b.begin(1)
                .step(1, OperationKind.LOCK, "Forks.first.lock", "NonfairSync#1", "Forks.left:21")
                .preempt(1, 2);
        b.begin(2)
                .step(
                        2,
                        OperationKind.LOCK,
                        "Forks.second.lock",
                        "NonfairSync#2",
                        "Forks.right:31");
        StackTraceElement left = TraceBuilder.frame("example.Forks", "left", 22);
        StackTraceElement right = TraceBuilder.frame("example.Forks", "right", 32);
        StackTraceElement main = TraceBuilder.frame("example.Forks", "run", 12);
        b.stack("main", main).stack("left", left).stack("right", right);
        String lock = "java.util.concurrent.locks.ReentrantLock$NonfairSync";
        Trace trace =
                b.build(
                        new Verdict.Deadlock(
                                List.of(
                                        TraceBuilder.blocked(
                                                "main", Task.State.JOINING, "left", "", main),
                                        TraceBuilder.blocked(
                                                "left", Task.State.BLOCKED, lock, "right", left),
                                        TraceBuilder.blocked(
                                                "right",
                                                Task.State.BLOCKED,
                                                lock,
                                                "left",
                                                right))));
        return sample(b, trace);
    }

    /** A read that the disk refuses, one that takes its time, and a wait that ends too soon. */
    static Finding faults() {
        TraceBuilder b = new TraceBuilder("main", "reader");
        b.begin(0).start(0, 1, "Pages.run:10").begin(1);
        b.step(1, OperationKind.FILE_READ, "", "file t1.ibd", "Pages.read:20");
        b.draw(1, Choice.Kind.VALUE, 1);
        b.step(1, OperationKind.FILE_READ, "", "file t1.ibd", "Pages.read:21");
        b.step(0, OperationKind.WAIT, "Object.wait", "Pages#1", "Pages.run:12");
        b.draw(0, Choice.Kind.SPURIOUS, 1);
        b.write(0, "Pages.state", "Pages.run:13").time(7).write(1, "Pages.state", "Pages.read:22");
        Trace trace =
                b.failed(
                        1,
                        new IllegalStateException("page 3 cannot be read"),
                        TraceBuilder.frame("example.Pages", "read", 23));
        return b.finding(trace, "scenario pages", "");
    }

    /** A read that returns what was there before a drop that had returned. */
    static final class StaleRead extends AssertionError implements ClientHistory.Bearer {
        private static final long serialVersionUID = 1L;

        StaleRead() {
            super("no order explains what the clients saw");
        }

        @Override
        public ClientHistory clientHistory() {
            return new ClientHistory(
                    List.of(
                            new ClientHistory.Call(0, "drop(</script>t1) -> ok", 0, 2, 1, false),
                            new ClientHistory.Call(1, "insert(t1, 1)", 1, -1, 0, false),
                            new ClientHistory.Call(2, "read(t1, 0) -> 7", 3, 4, 0, true)),
                    "no tables",
                    List.of("read(t1, 0) -> 7 is impossible in state no tables"),
                    "read -> value; write -> value");
        }
    }

    /** A failure with a history that is not linearizable. */
    static Finding staleRead() {
        TraceBuilder b = new TraceBuilder("main");
        b.begin(0).write(0, "A.x", "A.a:1").end(0);
        return b.finding(
                b.failed(0, new StaleRead(), TraceBuilder.frame("A", "a", 5)), "scenario x", "");
    }
}
