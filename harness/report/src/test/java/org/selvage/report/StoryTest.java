package org.selvage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Trace;

class StoryTest {
    @Test
    void lostUpdateIsToldWithItsStop() {
        Samples.Sample sample = Samples.lostUpdate();
        assertThat(Story.lines(sample.trace(), sample.deviations(), 100, false))
                .containsExactly(
                        " step  main                     one                      two",
                        "    2  start one                |                        |                          Counter.run:20",
                        "    3  start two                |                        |                          Counter.run:21",
                        "    5  |                        read Counter.value       |                          Counter.add:11",
                        "       |                        -- stopped before write Counter.value               Counter.add:12",
                        "    7  |                        |                        read Counter.value         Counter.add:11",
                        "    8  |                        |                        write Counter.value        Counter.add:12",
                        "   10  |                        write Counter.value      |                          Counter.add:12",
                        "       .. 3 operations          |                        |",
                        "   14  read Counter.value       |                        |                          Counter.check:30",
                        "   15  !! fails: AssertionError |                        |                          Counter.check:31",
                        "        lost update: value=1");
    }

    @Test
    void theMainRaceFitsOnAScreenAndShowsWhoDidWhat() {
        Samples.Sample sample = Samples.dropAgainstMerge();
        List<String> lines = Story.lines(sample.trace(), sample.deviations(), 100, false);
        assertThat(lines).hasSizeLessThanOrEqualTo(25).allMatch(line -> line.length() <= 100);
        assertThat(lines)
                .containsSubsequence(
                        " step      time  master                 dropper",
                        "   55      0 ms  lock FilSystem.mutex   |                               FilSystem.size:210",
                        "                 -- stopped before lock FilSystem.mutex                 FilSystem.io:301",
                        "   61            |                      lock FilSystem.mutex            Mysql5722.stopNewOps:112",
                        "   62            |                      update PendingOperations.word   PendingOperations.stop:33",
                        "   66            |                      sleep                           Mysql5722.waitForPending:140",
                        "   71     20 ms  lock FilSystem.mutex   |                               FilSystem.io:301",
                        "   74            !! fails: IllegalStateException                        FilSystem.io:309",
                        "        [ERROR] InnoDB: Trying to do I/O to a tablespace which does not exist. I/O type: read, page:",
                        "        [page id: space=32, page number=57890], I/O length: 16384 bytes",
                        " not shown, with the number of operations: main (5), read handler 0 (2), page cleaner (2)");
    }

    @Test
    void sentencesSayWhoWasStoppedWhereAndWhatTheOtherDid() {
        Samples.Sample sample = Samples.dropAgainstMerge();
        assertThat(Story.sentences(sample.trace(), sample.deviations()))
                .containsExactly(
                        "master is stopped before lock FilSystem.mutex at FilSystem.io:301.",
                        "Meanwhile dropper runs from Dictionary.drop:70 to Mysql5722.waitForPending:140.",
                        "master goes on.",
                        "What meets: dropper, update PendingOperations.word at PendingOperations.stop:33; then master,"
                                + " read PendingOperations.word at PendingOperations.count:41.",
                        "master fails at FilSystem.io:309: " + Samples.MISSING_SPACE);
    }

    @Test
    void deadlockNamesTheLocksByTheNamesUnderWhichTheyWereTaken() {
        Samples.Sample sample = Samples.deadlock();
        assertThat(Story.lines(sample.trace(), sample.deviations(), 100, false).subList(0, 5))
                .containsExactly(
                        " step  left                                  right",
                        "    5  lock Forks.first                      |                                        Forks.left:21",
                        "    7  |                                     lock Forks.second                        Forks.right:31",
                        "       !! waits for Forks.second, held by right                                       Forks.left:22",
                        "       |                                     !! waits for Forks.first, held by left   Forks.right:32");
    }

    @Test
    void withoutAScheduleTheStopIsReadOffTheTrace() {
        Samples.Sample sample = Samples.dropAgainstMerge();
        assertThat(Story.lines(sample.trace(), 100, false))
                .isEqualTo(Story.lines(sample.trace(), sample.deviations(), 100, false));
    }

    @Test
    void fiveTasksAndLongNamesStayWithinTheWidth() {
        String[] names = new String[8];
        for (int i = 0; i < names.length; i++) {
            names[i] = "a task with quite a long name " + i;
        }
        TraceBuilder b = new TraceBuilder(names);
        b.begin(0);
        for (int task = 1; task < names.length; task++) {
            b.start(0, task, "Workload.startsEverything:" + task);
        }
        for (int task = 1; task < names.length; task++) {
            b.begin(task)
                    .read(
                            task,
                            "VeryLongClassName.anEquallyLongFieldName",
                            "VeryLongClassName.method:10");
            b.preempt(task, task % 7 + 1);
        }
        for (int task = 1; task < names.length; task++) {
            b.write(task, "VeryLongClassName.anEquallyLongFieldName", "VeryLongClassName.method:11")
                    .end(task);
        }
        Trace trace = b.failed(7, new IllegalStateException("x".repeat(900)));
        for (int width : new int[] {60, 80, 100, 200}) {
            List<String> lines = Story.lines(trace, b.deviations(), width, false);
            assertThat(lines).hasSizeLessThanOrEqualTo(25).allMatch(line -> line.length() <= width);
            assertThat(lines.getFirst().split("a t", -1).length - 1).isEqualTo(5);
        }
    }

    @Test
    void namesAndMessagesCannotCommandTheTerminal() {
        TraceBuilder b = new TraceBuilder("main\u001b[2J", "o\nne");
        b.begin(0).start(0, 1, "A.a:1").begin(1).read(1, "A.x", "A.b:2").preempt(1, 0);
        b.write(0, "A.x", "A.a:2").write(1, "A.x", "A.b:3").end(1);
        Trace trace = b.failed(0, new AssertionError("first\nsecond\u001b]0;x\u0007"));
        assertThat(String.join("", Story.lines(trace, b.deviations(), 100, false)))
                .doesNotContain("\u001b", "\u0007", "\n")
                .contains("first second");
    }

    @Test
    void coloursAreOnlyThereIfAskedFor() {
        Samples.Sample sample = Samples.lostUpdate();
        List<String> plain = Story.lines(sample.trace(), sample.deviations(), 100, false);
        List<String> painted = Story.lines(sample.trace(), sample.deviations(), 100, true);
        assertThat(painted).anyMatch(line -> line.contains("\u001b[31m"));
        assertThat(
                        painted.stream()
                                .map(line ->
                                        line.replaceAll("\u001b\\[[0-9]*m", "").stripTrailing()))
                .containsExactlyElementsOf(plain);
    }

    @Test
    void aLongExecutionStaysShortAndSaysWhatIsLeftOut() {
        TraceBuilder b = new TraceBuilder("main", "one", "two");
        b.begin(0).start(0, 1, "C.run:1").start(0, 2, "C.run:2").begin(1);
        for (int i = 0; i < 30_000; i++) {
            b.lock(1, "C.lock", "C.spin:5").unlock(1, "C.lock", "C.spin:6");
        }
        b.read(1, "C.value", "C.add:7").preempt(1, 2).begin(2);
        for (int i = 0; i < 30_000; i++) {
            b.lock(2, "C.lock", "C.spin:5").unlock(2, "C.lock", "C.spin:6");
        }
        b.write(2, "C.value", "C.add:8").end(2).write(1, "C.value", "C.add:8").end(1);
        b.read(0, "C.value", "C.check:9").end(0);
        Trace trace = b.failed(0, new AssertionError("lost"));
        List<String> lines = Story.lines(trace, b.deviations(), 100, false);
        assertThat(lines).hasSizeLessThanOrEqualTo(25).anyMatch(line -> line.contains(".. 599"));
        assertThat(lines)
                .anyMatch(line -> line.contains("-- stopped before write C.value"))
                .anyMatch(line -> line.contains("write C.value") && line.contains("120009"));
    }

    @Test
    void severalObjectsOfOneNameAreToldApart() {
        TraceBuilder b = new TraceBuilder("main", "one");
        b.begin(0).start(0, 1, "A.a:1").begin(1);
        b.step(1, OperationKind.READ, "Space.stop", "Space#1", "A.b:2").preempt(1, 0);
        b.step(0, OperationKind.WRITE, "Space.stop", "Space#1", "A.a:2");
        b.step(0, OperationKind.WRITE, "Space.stop", "Space#2", "A.a:3");
        b.step(1, OperationKind.READ, "Space.stop", "Space#1", "A.b:4").end(1);
        Trace trace = b.failed(1, new AssertionError("stopped"));
        assertThat(String.join("\n", Story.lines(trace, b.deviations(), 100, false)))
                .contains("write Space#1.stop", "write Space#2.stop", "read Space#1.stop");
    }

    @Test
    void anExecutionWithoutOperationsIsToldAsSuch() {
        Trace trace = new TraceBuilder("main").build(new Verdict.Passed());
        assertThat(Story.lines(trace, 100, false)).containsExactly("no operation took effect");
    }

    @Test
    void whatTwoTasksTouchAllTheTimeDoesNotHideWhatTheyCollideOn() {
        TraceBuilder b = new TraceBuilder("main", "merge", "drop");
        b.begin(0).start(0, 1, "Run.run:1").start(0, 2, "Run.run:2").begin(1);
        b.lock(1, "Files.mutex", "Files.check:10").unlock(1, "Files.mutex", "Files.check:12");
        b.preempt(1, 2).begin(2);
        for (int i = 0; i < 60; i++) {
            count(b, 2, i);
        }
        b.lock(2, "Files.mutex", "Files.stop:20").write(2, "Files.stopping", "Files.stop:21");
        b.unlock(2, "Files.mutex", "Files.stop:22");
        for (int i = 0; i < 60; i++) {
            count(b, 2, i);
        }
        b.end(2);
        for (int i = 0; i < 60; i++) {
            count(b, 1, i);
        }
        b.lock(1, "Files.mutex", "Files.io:30").read(1, "Files.stopping", "Files.io:31").end(1);
        Trace trace =
                b.failed(
                        1,
                        new IllegalStateException("gone"),
                        TraceBuilder.frame("Files", "io", 32));
        List<String> lines = Story.lines(trace, b.deviations(), 100, false);
        for (String place :
                List.of(
                        "Files.check:10",
                        "Files.stop:20",
                        "Files.stop:21",
                        "Files.io:30",
                        "Files.io:31",
                        "Files.io:32")) {
            assertThat(lines).anyMatch(line -> line.endsWith(place));
        }
        assertThat(lines.stream().filter(line -> line.contains("fixCount")).count()).isLessThan(8);
    }

    private static void count(TraceBuilder b, int task, int i) {
        b.step(task, OperationKind.UPDATE, "Block.fixCount", "Block#" + i % 20, "Block.fix:" + i);
    }

    @Test
    void ofManyConflictsAsManyAreToldAsFit() {
        TraceBuilder b = new TraceBuilder("main", "one", "two");
        b.begin(0).start(0, 1, "A.run:1").start(0, 2, "A.run:2").begin(1);
        for (int i = 0; i < 60; i++) {
            b.read(1, "A.field" + i, "A.check:" + i);
        }
        b.preempt(1, 2).begin(2);
        for (int i = 0; i < 60; i++) {
            b.write(2, "A.field" + i, "A.change:" + i);
        }
        b.end(2);
        for (int i = 0; i < 60; i++) {
            b.read(1, "A.field" + i, "A.use:" + i);
        }
        Trace trace =
                b.end(1)
                        .failed(
                                1,
                                new AssertionError("changed"),
                                TraceBuilder.frame("A", "use", 70));
        assertThat(Story.lines(trace, b.deviations(), 100, false)).hasSizeBetween(20, 25);
    }

    @Test
    void whoeverChangedWhatTheFailingTaskMetIsToldEvenIfTheScheduleDoesNotNameIt() {
        TraceBuilder b = new TraceBuilder("main", "merge", "cleaner", "drop");
        b.begin(0).start(0, 1, "Run.run:1").start(0, 2, "Run.run:2").start(0, 3, "Run.run:3");
        b.begin(1).lock(1, "Pool.mutex", "Pool.fix:5").unlock(1, "Pool.mutex", "Pool.fix:6");
        b.preempt(1, 2).begin(2);
        b.lock(2, "Pool.mutex", "Pool.clean:7").unlock(2, "Pool.mutex", "Pool.clean:8").end(2);
        b.begin(3).write(3, "Files.stopping", "Files.stop:21").end(3);
        b.lock(1, "Pool.mutex", "Pool.fix:5").read(1, "Files.stopping", "Files.io:31").end(1);
        Trace trace =
                b.failed(
                        1,
                        new IllegalStateException("gone"),
                        TraceBuilder.frame("Files", "io", 32));
        assertThat(Story.lines(trace, b.deviations(), 100, false))
                .anyMatch(line -> line.contains("write Files.stopping"))
                .anyMatch(line -> line.startsWith(" step  merge") && line.contains("drop"));
    }

    @Test
    void aTaskThatOnlyMadeRoomWhileItHadToWaitAnywayIsNotTold() {
        TraceBuilder b = new TraceBuilder("main", "one", "two");
        b.begin(0).write(0, "A.value", "A.run:1").start(0, 1, "A.run:2").start(0, 2, "A.run:3");
        b.preempt(0, 2).begin(2).write(2, "A.value", "A.two:5").preempt(2, 1);
        b.begin(1).read(1, "A.value", "A.one:7").end(1);
        b.stack(
                "main",
                TraceBuilder.frame("org.selvage.scheduler.Execution", "block", 1),
                TraceBuilder.frame("org.selvage.scheduler.Execution", "join", 2),
                TraceBuilder.frame("A", "run", 4));
        Trace trace =
                b.failed(1, new IllegalStateException("bad"), TraceBuilder.frame("A", "one", 8));
        assertThat(Story.lines(trace, b.deviations(), 100, false).getFirst())
                .contains("one", "two")
                .doesNotContain("main");
    }

    @Test
    void aWaitForALockThatEndsIsToldWhereItBegins() {
        TraceBuilder b = new TraceBuilder("main", "one");
        b.begin(0).start(0, 1, "A.a:1").lock(0, "A.lock", "A.a:2").preempt(0, 1).begin(1);
        b.write(0, "A.x", "A.a:3").unlock(0, "A.lock", "A.a:4");
        b.lock(1, "A.lock", "A.b:1").write(1, "A.x", "A.b:2").end(1).read(0, "A.x", "A.a:5").end(0);
        Trace trace = b.failed(0, new AssertionError("x"), TraceBuilder.frame("example.A", "a", 6));
        assertThat(Story.lines(trace, b.deviations(), 100, false))
                .anyMatch(line ->
                        line.matches(" +\\| +-- waits to lock A.lock, held by main +A.b:1"));
    }

    @Test
    void faultsAndWaitsThatEndForNoReasonAreTold() {
        assertThat(Story.lines(Samples.faults().telling(), 100, false))
                .anyMatch(line -> line.contains("read file t1.ibd (fault 1)"))
                .anyMatch(line -> line.contains("wait Pages (wakes for no reason)"));
    }
}
