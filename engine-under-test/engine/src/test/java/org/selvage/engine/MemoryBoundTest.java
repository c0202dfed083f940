package org.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.dictionary.Column;

/**
 * The engine's memory is what ARCHITECTURE.md says under "Memory", however much data there is.
 * Measured as the live objects of this JVM.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MemoryBoundTest {
    private static final int PAGE_SIZE = 1024;
    private static final int POOL_PAGES = 128;
    private static final int LOG_BUFFERS = 2 << 20;

    /** Beside the pool, the log buffers and the tables: ARCHITECTURE.md. */
    private static final int FIXED_BYTES = 512 << 10;

    private static final int BYTES_PER_FRAME = 400;
    private static final int BYTES_PER_TABLE = 4096;

    /** What the test, the JVM and its compilers keep meanwhile. */
    private static final int NOISE_BYTES = 64 << 10;

    /** Number, instances, bytes and name of a class. */
    private static final Pattern ROW = Pattern.compile(" *\\d+: +\\d+ +(\\d+) +(.*)");

    /** What the collector puts over dead objects that it leaves where they are. */
    private static final String GAP = "[Ljdk.internal.vm.FillerElement;";

    @TempDir Path dir;

    private static EngineConfig config(int poolPages) {
        return Engines.small()
                .pageSize(PAGE_SIZE)
                .poolPages(poolPages)
                .latchOrderCheck(false)
                .changeBufferMaxPercent(25)
                .durability(Durability.FULL.withFsync(false).withLogFileBytes(1 << 20))
                .build();
    }

    /** Bytes of all live objects; the used heap would also count some dead ones. */
    private static long liveBytes() {
        return histogram()
                .lines()
                .map(line -> ROW.matcher(line))
                .filter(row -> row.matches() && !row.group(2).startsWith(GAP))
                .mapToLong(row -> Long.parseLong(row.group(1)))
                .sum();
    }

    private static String histogram() {
        try {
            return ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()})
                    .toString();
        } catch (JMException e) {
            throw new AssertionError(e);
        }
    }

    private static void insert(Engine engine, long from, long to) {
        for (long key = from; key < to; key++) {
            engine.insert("t", key, Engines.spread(key), "c".repeat(100));
        }
    }

    private static void createTables(Engine engine, int from, int to) {
        for (int t = from; t < to; t++) {
            Engines.createKv(engine, "t" + t);
        }
    }

    /** Classes that are loaded by then, and what the JVM keeps of them, do not count. */
    @BeforeAll
    static void loadClasses(@TempDir Path warm) {
        try (Engine engine = Engine.open(warm.resolve("data"), config(POOL_PAGES))) {
            Engines.createKv(engine, "t");
            load(engine);
        }
    }

    private static void load(Engine engine) {
        insert(engine, 2000, 20_000);
        for (long key = 2000; key < 20_000; key += 3) {
            engine.delete("t", key);
        }
        engine.transactions().purge();
    }

    private static void dropTables(Engine engine, int from, int to) {
        for (int t = from; t < to; t++) {
            engine.insert("t" + t, 1, 1L, "c");
            engine.dropTable("t" + t);
        }
        engine.transactions().purge();
    }

    @Test
    void rowsCostNothingBeyondThePool() {
        long before = liveBytes();
        try (Engine engine = Engine.open(dir.resolve("data"), config(POOL_PAGES))) {
            Engines.createKv(engine, "t");
            insert(engine, 0, 2000);
            long few = liveBytes();
            long most =
                    FIXED_BYTES
                            + LOG_BUFFERS
                            + POOL_PAGES * (PAGE_SIZE + BYTES_PER_FRAME)
                            + BYTES_PER_TABLE;
            assertThat(few - before).isLessThan(most);
            load(engine);
            assertThat((long) engine.tablespaces().size(1) * PAGE_SIZE)
                    .as("bytes of data, many times the pool")
                    .isGreaterThan(20L * POOL_PAGES * PAGE_SIZE);
            assertThat(liveBytes() - few).isLessThan(NOISE_BYTES);
        }
    }

    @Test
    void aFrameCostsItsPageAndAConstant() {
        long before = liveBytes();
        try (Engine few = Engine.open(dir.resolve("few"), config(1000))) {
            long one = liveBytes();
            try (Engine many = Engine.open(dir.resolve("many"), config(9000))) {
                long frames = liveBytes() - one - (one - before);
                assertThat(frames)
                        .isBetween(8000L * PAGE_SIZE, 8000L * (PAGE_SIZE + BYTES_PER_FRAME));
                assertThat(many.bufferPool().poolPages() - few.bufferPool().poolPages())
                        .isEqualTo(8000);
            }
        }
    }

    @Test
    void aTableCostsAConstantUntilItIsDropped() {
        try (Engine engine = Engine.open(dir.resolve("data"), config(POOL_PAGES))) {
            createTables(engine, 0, 50);
            long few = liveBytes();
            createTables(engine, 50, 300);
            assertThat(liveBytes() - few).isLessThan(250 * BYTES_PER_TABLE);
            dropTables(engine, 50, 300);
            long dropped = liveBytes();
            createTables(engine, 50, 300);
            dropTables(engine, 50, 300);
            assertThat(liveBytes() - dropped).isLessThan(NOISE_BYTES / 4);
        }
    }

    @Test
    void columnsDoNotMakeATableLarge() {
        Column[] columns = new Column[6];
        for (int c = 0; c < columns.length; c++) {
            columns[c] = Column.ofLong("c" + c);
        }
        try (Engine engine = Engine.open(dir.resolve("data"), config(POOL_PAGES))) {
            long before = liveBytes();
            for (int t = 0; t < 100; t++) {
                engine.createTable("t" + t, List.of(columns), List.of("c0", "c1", "c2"));
            }
            assertThat(liveBytes() - before).isLessThan(100 * BYTES_PER_TABLE);
        }
    }
}
