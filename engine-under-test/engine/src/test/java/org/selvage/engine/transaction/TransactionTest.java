package org.selvage.engine.transaction;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.DeadlockException;
import org.selvage.engine.DuplicateKeyException;
import org.selvage.engine.Durability;
import org.selvage.engine.Engine;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.EngineException;
import org.selvage.engine.Engines;
import org.selvage.engine.FailureBox;
import org.selvage.engine.Folders;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.dictionary.Table;

/** All or nothing: commit, rollback, crash, purge. */
class TransactionTest {
    private static final EngineConfig CONFIG =
            Engines.small().durability(Durability.FULL.withFsync(false)).build();

    @TempDir Path dir;
    private Path live;

    @BeforeEach
    void folder() {
        live = dir.resolve("live");
    }

    private Path crash() {
        return Folders.copy(live, dir.resolve("image"));
    }

    @Test
    void rollbackTakesEverythingBack() {
        try (Engine engine = Engine.open(live, CONFIG)) {
            Engines.createKv(engine, "t");
            engine.insert("t", 1, 10L, "one");
            engine.insert("t", 2, 20L, "two");
            engine.delete("t", 2);
            try (Transaction trx = engine.begin()) {
                engine.insert(trx, "t", 2, 21L, "two again");
                engine.insert(trx, "t", 3, 30L, "three");
                engine.update(trx, "t", 1, 11L, "a much longer one");
                engine.update(trx, "t", 1, 12L, "x");
                engine.delete(trx, "t", 3);
                engine.insert(trx, "t", 3, 31L, "three again");
                assertThat(engine.get(trx, "t", 1)).containsExactly(12L, "x");
            }
            assertThat(engine.get("t", 1)).containsExactly(10L, "one");
            assertThat(engine.get("t", 2)).isNull();
            assertThat(engine.get("t", 3)).isNull();
            assertThat(engine.scan("t", "k", 10L)).hasSize(1);
            assertThat(engine.scan("t", "k", 12L)).isEmpty();
            assertThat(engine.validate()).isEqualTo(1);
        }
    }

    @Test
    void aFailedStatementLeavesTheRestOfItsTransaction() {
        try (Engine engine = Engine.open(live, CONFIG)) {
            Engines.createKv(engine, "t");
            Transaction trx = engine.begin();
            engine.insert(trx, "t", 1, 10L, "one");
            assertThatThrownBy(() -> engine.insert(trx, "t", 1, 11L, "uno"))
                    .isInstanceOf(DuplicateKeyException.class);
            trx.commit();
            assertThatThrownBy(trx::commit)
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("has ended");
            assertThat(engine.get("t", 1)).containsExactly(10L, "one");
            assertThat(engine.validate()).isEqualTo(1);
        }
    }

    @Test
    void aCrashRollsBackWhatWasNotCommitted() throws Exception {
        Path image;
        try (Engine engine = Engine.open(live, CONFIG)) {
            Engines.createKv(engine, "t");
            for (long key = 0; key < 200; key++) {
                engine.insert("t", key, key, "row");
            }
            Transaction trx = engine.begin();
            for (long key = 0; key < 100; key++) {
                engine.update(trx, "t", key, -key, "changed in a transaction");
                engine.delete(trx, "t", key + 100);
                engine.insert(trx, "t", key + 1000, key, "new");
            }
            // Another commit makes the log of the open transaction durable.
            engine.insert("t", 5000, 0L, "last");
            image = crash();
            trx.commit();
            assertThat(engine.validate()).isEqualTo(201);
        }
        try (Engine engine = Engine.open(image, CONFIG)) {
            assertThat(engine.validate()).isEqualTo(201);
            assertThat(engine.get("t", 50)).containsExactly(50L, "row");
            assertThat(engine.get("t", 150)).containsExactly(150L, "row");
            assertThat(engine.get("t", 1000)).isNull();
            assertThat(engine.get("t", 5000)).isNotNull();
            assertThat(engine.scan("t", "k", 7L)).extracting(row -> row.key()).containsExactly(7L);
        }
    }

    @Test
    void purgeRemovesWhatWasDeleteMarked() {
        try (Engine engine = Engine.open(live, CONFIG)) {
            Engines.createKv(engine, "t");
            for (long key = 0; key < 400; key++) {
                engine.insert("t", key, Engines.spread(key), "row");
            }
            for (long key = 0; key < 400; key += 2) {
                engine.delete("t", key);
                engine.update("t", key + 1, 1L, "updated");
            }
            while (engine.transactions().purge()) {}
            assertThat(engine.transactions().historyLength()).isZero();
            assertThat(engine.validate()).isEqualTo(200);
            assertThat(engine.deleteMarkedRecords("t")).isZero();
        }
    }

    @Test
    void deadlocksAreFoundAndOneIsRolledBack() throws Exception {
        try (Engine engine = Engine.open(live, CONFIG)) {
            Engines.createKv(engine, "t");
            engine.insert("t", 1, 1L, "a");
            engine.insert("t", 2, 2L, "b");
            Transaction first = engine.begin();
            engine.update(first, "t", 1, 11L, "a1");
            CountDownLatch locked = new CountDownLatch(1);
            FailureBox failures = new FailureBox();
            Thread second =
                    LowerFloor.start(
                            "second",
                            failures,
                            () -> {
                                Transaction trx = engine.begin();
                                engine.update(trx, "t", 2, 22L, "b2");
                                locked.countDown();
                                engine.update(trx, "t", 1, 12L, "a2");
                                trx.commit();
                            });
            LowerFloor.await(() -> locked.getCount() == 0);
            LowerFloor.awaitPolling(second);
            assertThatThrownBy(() -> engine.update(first, "t", 2, 21L, "b1"))
                    .isInstanceOf(DeadlockException.class);
            failures.join(second);
            assertThat(engine.get("t", 1)).isEqualTo(List.of(12L, "a2"));
            assertThat(engine.get("t", 2)).isEqualTo(List.of(22L, "b2"));
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aTransactionMayUseAnotherTableWhileTheFolderIsToBeChecked() throws InterruptedException {
        try (Engine engine = Engine.open(live, CONFIG)) {
            Engines.createKv(engine, "first");
            Engines.createKv(engine, "second");
            Table first = requireNonNull(engine.dictionary().find("first"));
            Table second = requireNonNull(engine.dictionary().find("second"));
            Thread validator = new Thread(engine::validate, "validator");
            try (Transaction trx = engine.begin()) {
                engine.insert(trx, "second", 1, 10L, "one");
                validator.start();
                // It has the first, or has given that back and waits for the second.
                while (isFree(first) && isFree(second)) {
                    Thread.onSpinWait();
                }
                engine.insert(trx, "first", 1, 10L, "one");
                trx.commit();
            }
            validator.join();
            assertThat(engine.validate()).isEqualTo(2);
        }
    }

    private static boolean isFree(Table table) {
        if (!table.metadataLock().tryLockShared()) {
            return false;
        }
        table.metadataLock().unlockShared();
        return true;
    }
}
