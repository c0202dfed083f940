package org.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.selvage.engine.dictionary.Column;
import org.selvage.engine.index.SeededRandom;

/** Statements, drops, creates, merges and validation at the same time on real threads. */
class EngineConcurrencyTest {
    private static final int KEYS = 200;
    private static final int STATEMENTS = 1500;
    private static final int CONTENDED_STATEMENTS = 10_000;
    private static final int DROPS = 12;

    @TempDir Path dir;

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private Thread start(String name, Runnable body) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                body.run();
                            } catch (RuntimeException | AssertionError e) {
                                failure.compareAndSet(null, e);
                            }
                        },
                        name);
        thread.start();
        return thread;
    }

    /** One client owns the keys that leave its number when divided by the number of clients. */
    private static void client(Engine engine, int number, boolean[] present) {
        SeededRandom random = new SeededRandom(number);
        for (int i = 0; i < STATEMENTS; i++) {
            int key = random.below(KEYS);
            long id = key * 2L + number;
            if (present[key]) {
                assertThat(engine.delete("kept", id)).isTrue();
            } else {
                engine.insert("kept", id, Engines.spread(id), "c" + i);
            }
            present[key] = !present[key];
            long probe = random.below(KEYS);
            List<Row> rows = engine.scan("kept", "k", Engines.spread(probe * 2L + number));
            assertThat(rows).hasSize(present[(int) probe] ? 1 : 0);
        }
    }

    /** Contenders change the same keys: only the row locks keep the indexes in agreement. */
    private static void contender(Engine engine, int number) {
        SeededRandom random = new SeededRandom(100 + number);
        for (int i = 0; i < CONTENDED_STATEMENTS; i++) {
            long id = random.below(2);
            try {
                if (random.below(2) == 0) {
                    engine.delete("shared", id);
                } else {
                    long value = random.below(3);
                    engine.insert("shared", id, value, value, value);
                }
            } catch (DuplicateKeyException e) {
                assertThat(e).hasMessageContaining("key=" + id);
            }
        }
    }

    @Test
    void rowLocksKeepTheIndexesInAgreement() throws InterruptedException {
        try (Engine engine = Engines.open(dir, Engines.small())) {
            engine.createTable(
                    "shared",
                    List.of(Column.ofLong("a"), Column.ofLong("b"), Column.ofLong("c")),
                    List.of("a", "b", "c"));
            List<Thread> threads = new ArrayList<>();
            for (int number = 0; number < 3; number++) {
                int client = number;
                threads.add(start("contender-" + number, () -> contender(engine, client)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failure.get()).isNull();
            long rows = 0;
            for (long id = 0; id < 2; id++) {
                rows += engine.get("shared", id) == null ? 0 : 1;
            }
            assertThat(engine.validate()).isEqualTo(rows);
        }
    }

    private static void dropper(Engine engine) {
        for (int i = 0; i < DROPS; i++) {
            Engines.createKv(engine, "passing");
            for (long key = 0; key < KEYS; key++) {
                engine.insert("passing", key, Engines.spread(key), "p");
            }
            for (long key = 0; key < KEYS; key += 2) {
                engine.delete("passing", key);
            }
            engine.dropTable("passing");
        }
    }

    private static void visitor(Engine engine) {
        int met = 0;
        for (long i = 0; i < STATEMENTS; i++) {
            try {
                engine.insert("passing", KEYS + i, i, "v");
                engine.get("passing", i % KEYS);
                met++;
            } catch (UnknownTableException e) {
                assertThat(e).hasMessageContaining("table=passing");
            }
        }
        assertThat(met).isBetween(0, STATEMENTS);
    }

    @ParameterizedTest
    @CsvSource({"mysql-5.7.22, 32, false", "mariadb-10.2.9, 48, true"})
    void agreesWithEveryClientAndKeepsTheRules(String protocol, int poolPages, boolean skip)
            throws InterruptedException {
        EngineConfig.Builder config =
                Engines.small()
                        .poolPages(poolPages)
                        .changeBufferMaxPercent(50)
                        .deleteProtocol(protocol)
                        .skipFailedSpace(skip)
                        .backgroundThreads(true)
                        .masterIntervalMillis(1);
        boolean[][] present = new boolean[2][KEYS];
        long expected = 0;
        try (Engine engine = Engines.open(dir, config)) {
            Engines.createKv(engine, "kept");
            List<Thread> threads = new ArrayList<>();
            threads.add(start("client-0", () -> client(engine, 0, present[0])));
            threads.add(start("client-1", () -> client(engine, 1, present[1])));
            threads.add(start("dropper", () -> dropper(engine)));
            threads.add(start("visitor", () -> visitor(engine)));
            threads.add(start("validator", () -> validateOften(engine)));
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failure.get()).isNull();
            for (boolean[] owned : present) {
                for (boolean one : owned) {
                    expected += one ? 1 : 0;
                }
            }
            assertThat(engine.validate()).isEqualTo(expected);
            engine.bufferPool().validate();
        }
        try (Engine engine = Engines.open(dir, config)) {
            assertThat(engine.tableNames()).containsExactly("kept");
            assertThat(engine.validate()).isEqualTo(expected);
        }
    }

    private static void validateOften(Engine engine) {
        for (int i = 0; i < 10; i++) {
            assertThat(engine.validate()).isNotNegative();
        }
    }
}
