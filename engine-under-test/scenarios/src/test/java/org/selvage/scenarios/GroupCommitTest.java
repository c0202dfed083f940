package org.selvage.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.selvage.disk.DiskImage;
import org.selvage.disk.DiskListener;
import org.selvage.disk.DiskOperation;
import org.selvage.disk.SimulatedDisk;
import org.selvage.engine.Engine;

/** Commits that come while the log is being forced share the next fsync. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class GroupCommitTest {
    private static final String TABLE = "t1";
    private static final int CLIENTS = 8;

    /** Holds the first fsync of the log until it is let go, and counts them all. */
    private static final class SlowLog implements DiskListener {
        private final AtomicInteger forced = new AtomicInteger();
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch letGo = new CountDownLatch(1);
        private volatile boolean watching;

        @Override
        public void before(DiskOperation operation, String path, long offset, int length) {
            if (watching && operation == DiskOperation.FORCE && path.contains("ib_logfile")) {
                forced.incrementAndGet();
                begun.countDown();
                await(letGo);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    @Test
    void commitsThatWaitForTheLogShareAnFsync() throws Exception {
        SlowLog log = new SlowLog();
        SimulatedDisk disk = new SimulatedDisk(DiskImage.empty(), log, true);
        List<Thread> clients = new ArrayList<>();
        try (Engine engine = Engine.open(disk.path("/data"), DdlCrashTest.config())) {
            EngineStatements statements = new EngineStatements(engine);
            statements.create(TABLE);
            for (long key = 0; key < CLIENTS; key++) {
                statements.insert(TABLE, key, key);
            }
            log.watching = true;
            for (long key = 0; key < CLIENTS; key++) {
                long own = CLIENTS + key;
                clients.add(new Thread(() -> statements.insert(TABLE, own, own)));
            }
            clients.getFirst().start();
            await(log.begun);
            for (Thread client : clients.subList(1, CLIENTS)) {
                client.start();
                while (!waitsForTheLog(client)) {
                    Thread.onSpinWait();
                }
            }
            log.letGo.countDown();
            for (Thread client : clients) {
                client.join();
            }
            assertThat(log.forced).hasValue(2);
            assertThat(engine.validate()).isEqualTo(2 * CLIENTS);
        }
    }

    private static boolean waitsForTheLog(Thread thread) {
        return thread.getState() == Thread.State.WAITING
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("writeUpTo"));
    }
}
