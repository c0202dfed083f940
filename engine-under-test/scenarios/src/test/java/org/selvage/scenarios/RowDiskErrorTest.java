package org.selvage.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.selvage.disk.DiskImage;
import org.selvage.disk.DiskListener;
import org.selvage.disk.SimulatedDisk;
import org.selvage.engine.Engine;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.EngineException;
import org.selvage.engine.dictionary.Column;
import org.selvage.engine.transaction.Transaction;

/**
 * A change of rows of which the disk refuses any one operation, or every change from then on, ends
 * in a typed error or as if nothing was refused, and has happened in all indexes or in none: for
 * who asks the same engine, if it still answers, and after the next start.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RowDiskErrorTest {
    private static final long ROWS = 600;
    private static final long KEY = ROWS / 2;
    private static final EngineConfig CONFIG =
            DdlCrashTest.config().toBuilder().poolPages(32).build();

    /** They are on more pages than the pool has room for, so some are written meanwhile. */
    private static final long MANY = Long.getLong("selvage.rows.changed", 12);

    enum Change {
        INSERT {
            @Override
            void on(Engine engine) {
                engine.insert("t", -1, -1L, "new");
            }
        },
        UPDATE {
            @Override
            void on(Engine engine) {
                engine.update("t", KEY, -1L, "changed");
            }
        },
        DELETE {
            @Override
            void on(Engine engine) {
                engine.delete("t", KEY);
            }
        },
        TRANSACTION {
            @Override
            void on(Engine engine) {
                try (Transaction trx = engine.begin()) {
                    for (long key = 0; key < MANY; key++) {
                        engine.update(trx, "t", key * 47, -key, "changed");
                    }
                    trx.commit();
                }
            }
        };

        abstract void on(Engine engine);
    }

    private static Engine open(SimulatedDisk disk) {
        return Engine.open(disk.path("/data"), CONFIG);
    }

    private static DiskImage prepared() {
        SimulatedDisk disk = new SimulatedDisk(DiskImage.empty(), DiskListener.NONE, true);
        try (Engine engine = open(disk)) {
            List<Column> columns = List.of(Column.ofLong("k"), Column.ofString("c"));
            engine.createTable("t", columns, List.of("k", "c"));
            for (long key = 0; key < ROWS; key++) {
                engine.insert("t", key, key * 0x9E3779B97F4A7C15L, "c" + key % 7);
            }
        }
        return disk.image();
    }

    private static Map<Long, List<Object>> rows(Engine engine) {
        engine.validate();
        Map<Long, List<Object>> rows = new TreeMap<>();
        engine.range("t", Long.MIN_VALUE, Long.MAX_VALUE, false, Integer.MAX_VALUE)
                .forEach(row -> rows.put(row.key(), row.values()));
        return rows;
    }

    private static Map<Long, List<Object>> rows(DiskImage image) {
        try (Engine engine = open(new SimulatedDisk(image, DiskListener.NONE, true))) {
            return rows(engine);
        }
    }

    @ParameterizedTest
    @EnumSource(Change.class)
    void aRefusedOperationIsATypedErrorAndLeavesNothingHalf(Change change) {
        DiskImage before = prepared();
        SimulatedDisk whole = new SimulatedDisk(before, DiskListener.NONE, true);
        try (Engine engine = open(whole)) {
            change.on(engine);
        }
        List<Map<Long, List<Object>>> possible = List.of(rows(before), rows(whole.image()));
        assertThat(possible.get(0)).isNotEqualTo(possible.get(1));
        int errors =
                RefusingDisk.refuseEach(change, disk -> isRefused(change, before, disk, possible));
        assertThat(errors).isGreaterThan(5);
    }

    private static boolean isRefused(
            Change change,
            DiskImage before,
            RefusingDisk listener,
            List<Map<Long, List<Object>>> possible) {
        SimulatedDisk disk = new SimulatedDisk(before, listener, true);
        List<EngineException> errors = new ArrayList<>();
        Map<Long, List<Object>> live = null;
        boolean refused = false;
        try (Engine engine = open(disk)) {
            listener.begin();
            try {
                change.on(engine);
            } catch (EngineException e) {
                refused = true;
                errors.add(e);
            } finally {
                listener.end();
            }
            live = live(engine, errors);
        } catch (EngineException e) {
            errors.add(e);
        }
        assertThat(errors)
                .allSatisfy(e ->
                        assertThat(e).hasMessageContaining("file=").hasMessageNotContaining("\n"));
        Map<Long, List<Object>> found = rows(disk.image());
        assertThat(refused ? possible : possible.subList(1, 2)).as("%s", errors).contains(found);
        if (live != null) {
            assertThat(live).as("%s", errors).isEqualTo(found);
        }
        return refused;
    }

    private static @Nullable Map<Long, List<Object>> live(
            Engine engine, List<EngineException> errors) {
        try {
            return rows(engine);
        } catch (EngineException e) {
            errors.add(e);
            return null;
        }
    }
}
