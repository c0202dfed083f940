package org.selvage.engine.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.Engine;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.Engines;
import org.selvage.engine.FailureBox;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.redo.MiniTransaction;
import org.selvage.engine.sync.LatchLevel;
import org.selvage.engine.sync.LatchOrder;

/** Who goes on while a leaf is split. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TreeLatchTest {
    private static final long INDEX_ID = 99;
    private static final int THREADS = 4;
    private static final int KEYS = 3000;

    /** Keys that stay during a scan, and how far they are apart. */
    private static final int STAYING = 3000;

    private static final int GAP = 10;

    @TempDir Path dir;

    private static BTree newTree(Engine engine) {
        try (MiniTransaction mtr = engine.pages().begin()) {
            BufferBlock root = engine.pages().allocate(mtr, 0);
            BTree.createRoot(mtr, root, INDEX_ID);
            return new BTree(engine.pages(), 0, root.id().pageNo(), INDEX_ID, null);
        }
    }

    private static void awaitWaiting(Thread thread) {
        LowerFloor.await(() -> thread.getState() == Thread.State.WAITING || !thread.isAlive());
    }

    private static byte[] key(long number) {
        return KeyEncoding.ofLong(number);
    }

    @Test
    void aLatchHeldSxLetsSharedHoldersInAndNobodyElse() throws Exception {
        SharedExclusiveLatch latch = new SharedExclusiveLatch(LatchOrder.OFF, LatchLevel.TREE);
        latch.lockShared();
        latch.lockSharedExclusive();
        assertThat(latch.tryLockShared()).isTrue();
        latch.unlockShared();
        latch.unlockShared();
        assertThat(latch.tryLockExclusive(0)).isFalse();
        FailureBox failures = new FailureBox();
        Thread second = LowerFloor.start("second", failures, latch::lockSharedExclusive);
        awaitWaiting(second);
        latch.unlockSharedExclusive();
        failures.join(second);
        assertThat(latch.tryLockExclusive(0)).isFalse();
        latch.unlockSharedExclusive();
        assertThat(latch.tryLockExclusive(0)).isTrue();
        assertThat(latch.tryLockShared()).isFalse();
    }

    @Test
    void readersGoOnWhileALeafIsBeingSplit() throws Exception {
        // This thread holds a leaf and, as another one would, asks for others.
        EngineConfig.Builder config = Engines.small().poolPages(256).latchOrderCheck(false);
        try (Engine engine = Engines.open(dir, config)) {
            BTree tree = newTree(engine);
            for (long number = 0; number < KEYS; number++) {
                tree.insert(key(number * 2), BTree.NO_VALUE);
            }
            // All pages are full; this split makes room in the parent of the leaf that follows.
            tree.insert(key(901), BTree.NO_VALUE);
            FailureBox failures = new FailureBox();
            AtomicReference<BTree.Inserted> inserted = new AtomicReference<>();
            Thread splitter;
            // The leaf is full; while the next one is held, its split waits with all that it has.
            try (MiniTransaction mtr = engine.pages().begin()) {
                tree.latch().lockShared();
                tree.next(mtr, tree.descend(mtr, key(1001), Latch.S), Latch.S);
                tree.latch().unlockShared();
                splitter =
                        LowerFloor.start(
                                "splitter",
                                failures,
                                () -> inserted.set(tree.insert(key(1001), BTree.NO_VALUE)));
                awaitWaiting(splitter);
                assertThat(tree.get(key(2))).isNotNull();
                assertThat(tree.deleteMark(key(2))).isEqualTo(BTree.Marked.MARKED);
                assertThat(inserted.get()).isNull();
            }
            failures.join(splitter);
            assertThat(inserted.get()).isEqualTo(BTree.Inserted.ADDED);
            TreeCheck.check(engine.pages(), tree, (page, frame) -> {});
        }
    }

    @Test
    void splitsReadsAndRemovalsOfManyThreadsLeaveTheTreeWhole() throws Exception {
        try (Engine engine = Engines.open(dir, Engines.small().poolPages(256))) {
            BTree tree = newTree(engine);
            FailureBox failures = new FailureBox();
            Thread[] threads = new Thread[THREADS];
            for (int i = 0; i < THREADS; i++) {
                int first = i;
                threads[i] = LowerFloor.start("worker-" + i, failures, () -> work(tree, first));
            }
            failures.join(threads);
            TreeCheck.check(engine.pages(), tree, (page, frame) -> {});
            for (long number = 0; number < (long) KEYS * THREADS; number++) {
                assertThat(tree.get(key(number)) != null).isEqualTo(number % 16 != 0);
            }
        }
    }

    /**
     * Leaves split and merge on the way of scans in both directions. What is there all the time is
     * seen by each of them, once and in order.
     */
    @Test
    void scansForwardAndBackwardSeeWhatStays() throws Exception {
        try (Engine engine = Engines.open(dir, Engines.small().poolPages(64))) {
            BTree tree = newTree(engine);
            for (long number = 0; number < STAYING; number++) {
                tree.insert(key(number * GAP), BTree.NO_VALUE);
            }
            FailureBox failures = new FailureBox();
            Thread[] threads = new Thread[THREADS];
            for (int i = 0; i < THREADS; i++) {
                int first = i;
                threads[i] =
                        LowerFloor.start("changer-" + i, failures, () -> comeAndGo(tree, first));
            }
            int scans = 0;
            boolean alive = true;
            while (alive) {
                alive = false;
                for (Thread thread : threads) {
                    alive |= thread.isAlive();
                }
                assertThat(staying(tree, scans % 2 == 0)).isEqualTo(STAYING);
                scans++;
            }
            failures.join(threads);
            assertThat(scans).isGreaterThan(1);
            TreeCheck.check(engine.pages(), tree, (page, frame) -> {});
        }
    }

    /** Counts the staying keys of a scan, whose keys must all be in order. */
    private static int staying(BTree tree, boolean backward) {
        int[] count = new int[1];
        long[] last = {backward ? Long.MAX_VALUE : Long.MIN_VALUE};
        BTree.Visitor visitor =
                (frame, position) -> {
                    long number = KeyEncoding.getLong(IndexPage.key(frame, position), 0);
                    assertThat(number < last[0]).isEqualTo(backward);
                    last[0] = number;
                    count[0] += number % GAP == 0 ? 1 : 0;
                    return true;
                };
        if (backward) {
            tree.scanBackward(null, visitor);
        } else {
            tree.scan(BTree.NO_VALUE, visitor);
        }
        return count[0];
    }

    private static void comeAndGo(BTree tree, int first) {
        for (int round = 0; round < 4; round++) {
            for (long i = 0; i < KEYS; i++) {
                long number = i * 1009 % KEYS * GAP + 1 + first;
                assertThat(tree.insert(key(number), BTree.NO_VALUE))
                        .isEqualTo(BTree.Inserted.ADDED);
            }
            for (long i = 0; i < KEYS; i++) {
                assertThat(tree.remove(key(i * 2003 % KEYS * GAP + 1 + first))).isTrue();
            }
        }
    }

    private static void work(BTree tree, int first) {
        for (long i = 0; i < KEYS; i++) {
            // Neighbours belong to different threads, and the order goes all over the tree.
            long number = i * 1009 % KEYS * THREADS + first;
            assertThat(tree.insert(key(number), BTree.NO_VALUE)).isEqualTo(BTree.Inserted.ADDED);
            assertThat(tree.get(key(number))).isNotNull();
            if (number % 16 == 0) {
                assertThat(tree.remove(key(number))).isTrue();
            }
        }
    }
}
