package org.selvage.engine.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.Engine;
import org.selvage.engine.Engines;
import org.selvage.engine.FailureBox;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.dictionary.Column;
import org.selvage.engine.index.BTree;
import org.selvage.engine.index.KeyEncoding;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.redo.MiniTransaction;

/** Latches that are taken out of order are told of, by name and at once. */
@SuppressWarnings("LockNotBeforeTry") // What is taken and let go is the subject.
class LatchOrderTest {
    private static final byte[] LOWEST = KeyEncoding.ofLong(Long.MIN_VALUE);

    @TempDir Path dir;

    private static void assertViolation(ThrowingCallable body, LatchLevel asked, LatchLevel held) {
        assertThatThrownBy(body)
                .asInstanceOf(type(LatchOrderException.class))
                .satisfies(
                        e -> assertThat(e.asked()).isEqualTo(asked),
                        e -> assertThat(e.held()).isEqualTo(held),
                        e ->
                                assertThat(e.getMessage())
                                        .contains("row " + asked.row(), "row " + held.row()));
    }

    @Test
    void aMutexAfterALaterOne() {
        LatchOrder order = LatchOrder.checked();
        ReentrantLock log = order.mutex(LatchLevel.LOG);
        ReentrantLock pool = order.mutex(LatchLevel.POOL);
        log.lock();
        pool.lock();
        pool.lock();
        pool.unlock();
        log.unlock();
        assertViolation(log::lock, LatchLevel.LOG, LatchLevel.POOL);
        assertThat(log.isLocked()).isFalse();
        assertThat(log.tryLock()).as("a try cannot wait").isTrue();
        log.unlock();
        pool.unlock();
        log.lock();
        log.unlock();
        assertViolation(order::requireKept, LatchLevel.LOG, LatchLevel.POOL);
    }

    @Test
    void whatAnotherThreadHoldsDoesNotCount() throws Exception {
        LatchOrder order = LatchOrder.checked();
        ReentrantLock pool = order.mutex(LatchLevel.POOL);
        ReentrantLock log = order.mutex(LatchLevel.LOG);
        pool.lock();
        FailureBox failures = new FailureBox();
        failures.join(
                LowerFloor.start(
                        "other",
                        failures,
                        () -> {
                            log.lock();
                            log.unlock();
                        }));
        pool.unlock();
        order.requireKept();
    }

    @Test
    void withoutTheCheckThereArePlainMutexes() {
        ReentrantLock mutex = LatchOrder.OFF.mutex(LatchLevel.POOL);
        assertThat(mutex.getClass()).isEqualTo(ReentrantLock.class);
        LatchOrder.OFF.acquired(LatchLevel.POOL, mutex, LatchMode.X);
        LatchOrder.OFF.ask(LatchLevel.LOG, "anything");
        LatchOrder.OFF.requireKept();
    }

    private Engine openWithRows(int rows) {
        Engine engine = Engines.open(dir, Engines.small().poolPages(256));
        Engines.createKv(engine, "t");
        for (long key = 0; key < rows; key++) {
            engine.insert("t", key, key, "x".repeat(20));
        }
        return engine;
    }

    private static BTree clustered(Engine engine) {
        return engine.dictionary().tables().iterator().next().clustered();
    }

    @Test
    void aTreeLatchAfterABitmapPageAndTheValidationTellsOfIt() {
        try (Engine engine = openWithRows(10)) {
            BTree tree = clustered(engine);
            try (MiniTransaction mtr = engine.pages().begin()) {
                mtr.page(new PageId(tree.spaceId(), 1), Latch.S);
                assertViolation(() -> tree.get(LOWEST), LatchLevel.TREE, LatchLevel.BITMAP);
            }
            assertViolation(engine::validate, LatchLevel.TREE, LatchLevel.BITMAP);
        }
    }

    @Test
    void leavesFromLeftToRightOnly() {
        try (Engine engine = openWithRows(200)) {
            BTree tree = clustered(engine);
            int left;
            int right;
            try (MiniTransaction mtr = engine.pages().begin()) {
                var leaf = tree.descend(mtr, LOWEST, Latch.S);
                left = leaf.id().pageNo();
                right = PageHeader.next(leaf.frame());
                mtr.page(new PageId(tree.spaceId(), right), Latch.S);
            }
            try (MiniTransaction mtr = engine.pages().begin()) {
                mtr.page(new PageId(tree.spaceId(), right), Latch.S);
                assertViolation(
                        () -> mtr.page(new PageId(tree.spaceId(), left), Latch.S),
                        LatchLevel.TREE_PAGE,
                        LatchLevel.TREE_PAGE);
            }
            tree.latch().lockExclusive();
            try (MiniTransaction mtr = engine.pages().begin()) {
                mtr.page(new PageId(tree.spaceId(), right), Latch.X);
                mtr.page(new PageId(tree.spaceId(), left), Latch.X);
            } finally {
                tree.latch().unlockExclusive();
            }
        }
    }

    /**
     * The halves of a leaf may have their bits on two bitmap pages, and the new half may be on the
     * first of them. Two splits in one tablespace that took them in the order of the halves would
     * wait for each other.
     */
    @Test
    void aSplitTakesTwoBitmapPagesInAscendingOrder() {
        try (Engine engine = Engines.open(dir, Engines.small().poolPages(2000))) {
            engine.createTable("t", List.of(Column.ofLong("k")), List.of("k"));
            int rows = 9000;
            for (long key = 0; key < rows; key++) {
                engine.insert("t", key, key);
            }
            assertThat(engine.tablespaces().size(clustered(engine).spaceId()))
                    .as("pages of the tablespace")
                    .isGreaterThan(600);
            // Frees pages that the first bitmap page has the bits of.
            for (long key = 0; key < rows / 2; key++) {
                engine.delete("t", key);
            }
            while (engine.transactions().purge()) {
                assertThat(engine.transactions().historyLength()).isNotNegative();
            }
            // Splits leaves that the second bitmap page has the bits of.
            for (long key = 0; key < 1500; key++) {
                engine.insert("t", rows + key, rows - 1 - key);
            }
            engine.validate();
        }
    }
}
