package org.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.page.PageChecksum;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.transaction.Transaction;

/**
 * Changes bytes of pages and mends their checksums, as a defect of the engine or a hostile hand
 * would, and opens and reads everything: what comes is an answer or a typed error, never another
 * exception, never a loop without end. More rounds with -Dselvage.mended.rounds=10000, others with
 * -Dselvage.mended.seed=2.
 */
@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MendedFolderTest {
    private static final int ROUNDS = Integer.getInteger("selvage.mended.rounds", 150);
    private static final long SEED = Long.getLong("selvage.mended.seed", 1);
    private static final int PAGE = 512;

    @TempDir Path dir;

    private static EngineConfig config() {
        return Engines.logged().changeBufferMaxPercent(50).build();
    }

    @Test
    void aClosedFolderIsReadOrRefused() throws IOException {
        Path whole = dir.resolve("whole");
        try (Engine engine = Engine.open(whole, config())) {
            fill(engine);
        }
        damage(whole);
    }

    /** With transactions to roll back, tables to drop, and records to purge. */
    @Test
    void aCrashedFolderIsReadOrRefused() throws IOException {
        Path live = dir.resolve("live");
        Path whole = dir.resolve("whole");
        try (Engine engine = Engine.open(live, config())) {
            fill(engine);
            Transaction trx = engine.begin();
            for (long key = 0; key < 20; key++) {
                engine.update(trx, "t0", key, 5L, "changed " + key);
            }
            // Recovery then finds every page as it is, and only opens the folder.
            engine.bufferPool().flushAll();
            Folders.copy(live, whole);
        }
        damage(whole);
    }

    private static void fill(Engine engine) {
        for (String table : List.of("t0", "t1", "gone")) {
            Engines.createKv(engine, table);
        }
        for (long key = 0; key < 150; key++) {
            engine.insert("t0", key, Engines.spread(key), "row " + key);
            engine.insert("t1", key, key % 8, "row " + key);
        }
        engine.bufferPool().flushAll();
        engine.bufferPool().evictUnused();
        for (long key = 0; key < 150; key += 3) {
            engine.delete("t0", key);
        }
        engine.discardTablespace("gone");
    }

    private void damage(Path whole) throws IOException {
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(SEED * 1_000_003 + round);
            Path folder = dir.resolve("damaged");
            Folders.copy(whole, folder);
            String what = "round " + round + ": " + change(random, folder);
            try {
                use(folder);
            } catch (EngineException e) {
                assertThat(e.getMessage()).as(what).isNotBlank();
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(what, e);
            }
            Folders.delete(folder);
        }
        assertThat(refused).isBetween(ROUNDS / 10, ROUNDS);
    }

    /** Reads everything, changes a little, purges and validates. */
    private static void use(Path folder) {
        try (Engine engine = Engine.open(folder, config())) {
            for (String table : engine.tableNames()) {
                if (engine.isDiscarded(table)) {
                    continue;
                }
                engine.range(table, Long.MIN_VALUE, Long.MAX_VALUE, true, Integer.MAX_VALUE);
                for (long value = 0; value < 8; value++) {
                    engine.scan(table, "k", value);
                }
                engine.insert(table, 1000, 3L, "new");
                engine.delete(table, 7);
            }
            engine.transactions().purge();
            engine.master().doIdleTasks();
            engine.validate();
        }
    }

    // ---- damage ----

    private static String change(Random random, Path folder) throws IOException {
        Path file = folder.resolve(List.of("ibdata1", "ibdata1", "t0.ibd").get(random.nextInt(3)));
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer page = ByteBuffer.allocate(PAGE);
            int pageNo;
            int tries = 0;
            do {
                // Half of them among the first pages, which have a fixed use.
                int pages = (int) (channel.size() / PAGE);
                pageNo = random.nextInt(random.nextBoolean() ? Math.min(pages, 12) : pages);
                channel.read(page.clear(), (long) pageNo * PAGE);
                tries++;
            } while (PageHeader.lsn(page) == 0 && tries < 100);
            String bytes = change(random, page);
            PageChecksum.stamp(page);
            channel.write(page.clear(), (long) pageNo * PAGE);
            return file.getFileName() + " page " + pageNo + bytes;
        }
    }

    private static String change(Random random, ByteBuffer page) {
        StringBuilder what = new StringBuilder();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int bound = random.nextInt(4) == 0 ? PAGE : 120;
            int at = PageHeader.LSN + 8 + random.nextInt(bound - PageHeader.LSN - 8 - 8);
            switch (random.nextInt(4)) {
                case 0 -> page.put(at, (byte) random.nextInt());
                case 1 -> page.put(at, (byte) (page.get(at) + (random.nextBoolean() ? 1 : -1)));
                case 2 -> page.putShort(at, (short) (random.nextBoolean() ? -1 : 0));
                default -> page.putInt(at, random.nextBoolean() ? random.nextInt() : 0x7FFF_FFFF);
            }
            what.append(" at ").append(at);
        }
        return what.toString();
    }
}
