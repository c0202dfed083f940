package org.selvage.engine.redo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.CorruptLogException;
import org.selvage.engine.CorruptPageException;
import org.selvage.engine.DataFolderException;
import org.selvage.engine.Durability;
import org.selvage.engine.Engine;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.Engines;
import org.selvage.engine.ErrorLog;
import org.selvage.engine.FailureBox;
import org.selvage.engine.Folders;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.index.BTree;
import org.selvage.engine.index.KeyEncoding;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageId;

/** What a copy of the folder of a running engine, as kill -9 leaves it, recovers to. */
class RecoveryTest {
    /** What is written survives kill -9; waiting for the disk would only take time. */
    private static final Durability WRITTEN = Durability.FULL.withFsync(false);

    @TempDir Path dir;

    private static EngineConfig config() {
        return Engines.small().poolPages(256).durability(WRITTEN).build();
    }

    private Path crash(Path live) {
        return Folders.copy(live, dir.resolve("image" + System.nanoTime()));
    }

    private static void requireRows(Path image, Map<Long, List<Object>> expected) {
        try (Engine engine = Engine.open(image, config())) {
            assertThat(engine.validate()).isEqualTo(expected.size());
            expected.forEach((key, row) -> assertThat(engine.get("t", key)).isEqualTo(row));
        }
    }

    @Test
    void nothingAcknowledgedIsLost() {
        Path live = dir.resolve("live");
        Random random = new Random(1);
        TreeMap<Long, List<Object>> model = new TreeMap<>();
        try (Engine engine = Engine.open(live, config())) {
            Engines.createKv(engine, "t");
            for (int step = 1; step <= 3000; step++) {
                long key = random.nextInt(700);
                if (model.containsKey(key)) {
                    assertThat(engine.delete("t", key)).isTrue();
                    model.remove(key);
                } else {
                    List<Object> row = List.of(random.nextLong(), "row " + step);
                    engine.insert("t", key, row.toArray());
                    model.put(key, row);
                }
                if (step % 1000 == 0) {
                    requireRows(crash(live), model);
                }
            }
            assertThat(engine.validate()).isEqualTo(model.size());
        }
        requireRows(live, model);
    }

    /** The log alone makes every page what it is in the pool. */
    @Test
    void theLogHasEveryChange() throws Exception {
        Path live = dir.resolve("live");
        EngineConfig large = Engines.small().poolPages(4096).durability(WRITTEN).build();
        Path image;
        try (Engine engine = Engine.open(live, large)) {
            Engines.createKv(engine, "t");
            for (long key = 0; key < 2500; key++) {
                engine.insert("t", key, Engines.spread(key), "c" + key);
                if (key % 3 == 0) {
                    engine.delete("t", key / 2);
                }
            }
            image = crash(live);
        }
        Engine.open(image, large).close();
        assertThat(contentOf(image.resolve("t.ibd"))).isEqualTo(contentOf(live.resolve("t.ibd")));
        assertThat(contentOf(image.resolve("ibdata1")).size()).isGreaterThan(10);
    }

    /** The pages of a file without checksums and LSN. */
    private static List<String> contentOf(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        List<String> pages = new ArrayList<>();
        for (int at = 0; at < bytes.capacity(); at += 512) {
            byte[] page = new byte[512 - 24 - 8];
            bytes.get(at + 24, page);
            pages.add(java.util.HexFormat.of().formatHex(page));
        }
        return pages;
    }

    @Test
    void recoveryKilledInTheMiddleBeginsAgain() throws Exception {
        Path live = dir.resolve("live");
        TreeMap<Long, List<Object>> model = new TreeMap<>();
        try (Engine engine = Engine.open(live, config())) {
            fill(engine, model, 400);
            Path image = crash(live);
            byte[][] checkpoint = {
                Files.readAllBytes(image.resolve("ib_logfile0")),
            };
            // As if the power went before recovery's checkpoint was written, but with its pages.
            Path again;
            try (Engine recovered = Engine.open(image, config())) {
                again = crash(image);
                assertThat(recovered.status().recovery().pagesWritten()).isPositive();
            }
            Files.write(again.resolve("ib_logfile0"), checkpoint[0]);
            requireRows(again, model);
        }
    }

    @Test
    void aTornPageIsRepairedFromItsCopy() throws Exception {
        Path live = dir.resolve("live");
        TreeMap<Long, List<Object>> model = new TreeMap<>();
        try (Engine engine = Engine.open(live, config())) {
            fill(engine, model, 400);
            engine.bufferPool().flushAll();
            Path image = crash(live);
            tear(image.resolve("t.ibd"), copyOfTablePage(image));
            ErrorLog log = new ErrorLog();
            try (Engine recovered = Engine.open(image, config(), log)) {
                assertThat(recovered.validate()).isEqualTo(model.size());
            }
            assertThat(log.lines())
                    .anyMatch(line -> line.contains("restored from the doublewrite"));
        }
    }

    /** Number of a page of the table that has its newest copy in the doublewrite file. */
    private static int copyOfTablePage(Path image) throws IOException {
        ByteBuffer copies = ByteBuffer.wrap(Files.readAllBytes(image.resolve("ib_doublewrite")));
        ByteBuffer pages = ByteBuffer.wrap(Files.readAllBytes(image.resolve("t.ibd")));
        for (int at = 0; at < copies.capacity(); at += 512) {
            int page = copies.getInt(at + 4);
            if (copies.getInt(at + 34) == 1
                    && page > 1
                    && pages.slice(page * 512, 512).equals(copies.slice(at, 512))) {
                return page;
            }
        }
        throw new AssertionError("no copy of a page of the table");
    }

    private static void tear(Path file, int page) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[200]), page * 512L + 256);
        }
    }

    /**
     * A batch that comes upon a latched page writes what it has, and does not wait for that page.
     */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aBatchGoesOnWhenALatchedPageIsLetGo() throws Exception {
        try (Engine engine = Engine.open(dir.resolve("live"), config())) {
            fill(engine, new TreeMap<>(), 200);
            engine.bufferPool().flushAll();
            engine.insert("t", -1, 1L, "first");
            long first = engine.bufferPool().oldestModification();
            engine.insert("t", 1000, 2L, "second");
            FailureBox failures = new FailureBox();
            Thread flusher;
            try (MiniTransaction mtr = engine.pages().begin()) {
                mtr.page(lastLeaf(engine), Latch.X);
                flusher = LowerFloor.start("flusher", failures, engine.bufferPool()::flushAll);
                while (engine.bufferPool().oldestModification() == first) {
                    Thread.onSpinWait();
                }
            }
            failures.join(flusher);
            assertThat(engine.bufferPool().oldestModification()).isZero();
        }
    }

    private static PageId lastLeaf(Engine engine) {
        BTree tree = Objects.requireNonNull(engine.dictionary().find("t")).clustered();
        tree.latch().lockShared();
        try (MiniTransaction mtr = engine.pages().begin()) {
            return tree.descend(mtr, KeyEncoding.ofLong(1000), Latch.S).id();
        } finally {
            tree.latch().unlockShared();
        }
    }

    @Test
    void namesWhatIsCorrupt() throws Exception {
        Path live = dir.resolve("live");
        TreeMap<Long, List<Object>> model = new TreeMap<>();
        try (Engine engine = Engine.open(live, config())) {
            fill(engine, model, 200);
        }
        Path noLog = crash(live);
        Files.delete(noLog.resolve("ib_logfile1"));
        assertThatThrownBy(() -> Engine.open(noLog, config()))
                .isInstanceOf(DataFolderException.class)
                .hasMessageContaining("ib_logfile1");
        Path badHeader = crash(live);
        try (FileChannel channel =
                FileChannel.open(badHeader.resolve("ibdata1"), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), 400);
        }
        Files.write(badHeader.resolve("ib_doublewrite"), new byte[512 * 128]);
        assertThatThrownBy(() -> Engine.open(badHeader, config()))
                .isInstanceOf(CorruptPageException.class)
                .hasMessageContaining("ibdata1")
                .hasMessageContaining("page=0");
        Path badLog = crash(live);
        try (FileChannel channel =
                FileChannel.open(badLog.resolve("ib_logfile0"), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), 3);
        }
        assertThatThrownBy(() -> Engine.open(badLog, config()))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("ib_logfile0");
        Path badPage = crash(live);
        tear(badPage.resolve("t.ibd"), 3);
        Files.write(badPage.resolve("ib_doublewrite"), new byte[512 * 128]);
        try (Engine engine = Engine.open(badPage, config())) {
            assertThatThrownBy(engine::validate)
                    .isInstanceOf(CorruptPageException.class)
                    .hasMessageContaining("t.ibd")
                    .hasMessageContaining("page=3");
        }
    }

    /** A page that no header of its tablespace knows of does not make the file grow. */
    @Test
    void aLoggedPageBehindTheEndOfItsTablespaceIsRefused() throws Exception {
        Path image;
        try (Engine engine = Engine.open(dir.resolve("live"), config())) {
            fill(engine, new TreeMap<>(), 400);
            engine.bufferPool().flushAll();
            image = crash(dir.resolve("live"));
        }
        Path table = image.resolve("t.ibd");
        int pages = (int) (Files.size(table) / 512);
        appendToLog(image, new PageId(1, pages), true, new byte[4]);
        assertThatThrownBy(() -> Engine.open(image, config()))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("page number of space 1")
                .hasMessageContaining("expected=0x" + Integer.toHexString(pages - 1))
                .hasMessageContaining("actual=0x" + Integer.toHexString(pages))
                .hasMessageContaining("ib_logfile0")
                .hasMessageMatching(".* lsn=[1-9][0-9]+\\..*");
        assertThat(Files.size(table)).isEqualTo(pages * 512L);
    }

    @Test
    void aLoggedSizeThatTheLogCannotHaveMadeIsRefused() throws Exception {
        Path image;
        try (Engine engine = Engine.open(dir.resolve("live"), config())) {
            fill(engine, new TreeMap<>(), 400);
            image = crash(dir.resolve("live"));
        }
        Path table = image.resolve("t.ibd");
        long size = Files.size(table);
        appendToLog(image, new PageId(1, 0), false, new byte[] {0x7F, -1, -1, -1});
        assertThatThrownBy(() -> Engine.open(image, config()))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("size of space 1")
                .hasMessageContaining("actual=0x7fffffff");
        assertThat(Files.size(table)).isEqualTo(size);
    }

    /** Loss of power may take back that a file grew, not what the log says of it. */
    @Test
    void aFileThatIsTooShortGrowsAgain() throws Exception {
        Path live = dir.resolve("live");
        TreeMap<Long, List<Object>> model = new TreeMap<>();
        try (Engine engine = Engine.open(live, config())) {
            fill(engine, model, 400);
            Path image = crash(live);
            Path table = image.resolve("t.ibd");
            long size = Files.size(table);
            try (FileChannel channel = FileChannel.open(table, StandardOpenOption.WRITE)) {
                channel.truncate(4 * 512);
            }
            requireRows(image, model);
            assertThat(Files.size(table)).isEqualTo(size);
        }
    }

    /** A record with a good check that writes where a header has the size of its tablespace. */
    private static void appendToLog(Path image, PageId page, boolean init, byte[] size) {
        LogFiles files = LogFiles.open(image, 512, false);
        try {
            LogFiles.Checkpoint checkpoint = files.readCheckpoint();
            long end = LogScan.from(files, checkpoint).endLsn();
            LogRecord record = new LogRecord();
            byte[] content = new byte[512];
            System.arraycopy(size, 0, content, FspHeader.SIZE, size.length);
            record.beginPage(page, init);
            record.write(content, FspHeader.SIZE, size.length);
            record.endPage();
            record.finish();
            byte[] bytes = new byte[record.length()];
            record.copyTo(bytes, 0, end, checkpoint.epoch());
            files.write(end, bytes, bytes.length);
        } finally {
            files.close();
        }
    }

    @Test
    void theLogGoesRoundAndIsNeverOverwritten() {
        Path live = dir.resolve("live");
        Durability smallLog = WRITTEN.withLogFileBytes(300_000);
        EngineConfig config = Engines.small().poolPages(256).durability(smallLog).build();
        TreeMap<Long, List<Object>> model = new TreeMap<>();
        try (Engine engine = Engine.open(live, config)) {
            fill(engine, model, 4000);
            assertThat(engine.status().lsn()).isGreaterThan(700_000);
            requireRows(crash(live), model);
        }
        requireRows(live, model);
    }

    private static void fill(Engine engine, Map<Long, List<Object>> model, int rows) {
        Engines.createKv(engine, "t");
        for (long key = 0; key < rows; key++) {
            List<Object> row = List.of(Engines.spread(key), "c" + key);
            engine.insert("t", key, row.toArray());
            model.put(key, row);
        }
    }
}
