package org.selvage.engine.changebuffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.engine.Engine;
import org.selvage.engine.Engines;
import org.selvage.engine.Planted;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.dictionary.Table;
import org.selvage.engine.index.BTree;
import org.selvage.engine.index.IndexPage;
import org.selvage.engine.index.KeyEncoding;
import org.selvage.engine.index.LeafBuffering.Operation;
import org.selvage.engine.index.TreeCheck;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.redo.MiniTransaction;

/**
 * Plants each kind of disagreement that {@link Engine#validate} claims to find outside single
 * trees.
 */
class ChangeBufferCheckTest {
    private static final int ROWS = 1000;

    @TempDir Path dir;

    private Engine engine;
    private Table table;
    private int space;

    /** A leaf that the change buffer has a record for. */
    private PageId bufferedLeaf;

    @BeforeEach
    void bufferSomething() {
        engine = Engines.open(dir, Engines.small().changeBufferMaxPercent(50));
        Engines.createKv(engine, "t");
        table = engine.dictionary().tables().get(0);
        space = table.definition().spaceId();
        for (long key = 0; key < ROWS; key++) {
            engine.insert("t", key, Engines.spread(key), "c");
        }
        assertThat(engine.validate()).isEqualTo(ROWS);
        engine.bufferPool().flushAll();
        engine.bufferPool().evictUnused();
        for (long key = 0; key < 10; key++) {
            engine.delete("t", key);
        }
        List<PageId> pages = new ArrayList<>();
        engine.changeBuffer()
                .tree()
                .scan(
                        BTree.NO_VALUE,
                        (frame, position) -> pages.add(BufferedChange.page(frame, position)));
        bufferedLeaf = pages.get(0);
        assertThat(bufferedLeaf.spaceId()).isEqualTo(space);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private void change(PageId page, Consumer<ByteBuffer> damage) {
        Planted.change(engine, page, damage);
    }

    private PageId bitmapOf(int spaceId) {
        return BitmapPage.of(new PageId(spaceId, 0), 512);
    }

    private void requireFound(String rule, String evidence) {
        Planted.requireFound(engine, rule, evidence);
    }

    @Test
    void nothingIsFoundWhereNothingIsPlanted() {
        assertThat(engine.changeBuffer().countRecords()).isPositive();
        assertThat(engine.validate()).isEqualTo(ROWS - 10);
        assertThat(engine.changeBuffer().countRecords()).isZero();
    }

    @Test
    void whatIsBufferedWaitsForAFileThatWasTakenAway() throws IOException {
        long records = engine.changeBuffer().countRecords();
        engine.close();
        Path file = dir.resolve("t.ibd");
        Path elsewhere = dir.resolve("elsewhere");
        Files.move(file, elsewhere);
        engine = Engines.open(dir, Engines.small().changeBufferMaxPercent(50));
        for (int round = 0; round < 10; round++) {
            engine.master().doIdleTasks();
        }
        assertThat(engine.changeBuffer().countRecords()).isEqualTo(records);
        engine.close();
        Files.move(elsewhere, file);
        engine = Engines.open(dir, Engines.small().changeBufferMaxPercent(50));
        assertThat(engine.validate()).isEqualTo(ROWS - 10);
    }

    @Test
    void aBufferedBitWithoutRecords() {
        change(bitmapOf(space), bits -> BitmapPage.setBuffered(bits, 2, true));
        requireFound("a BUFFERED bit and the change buffer disagree", "has_records=false");
    }

    @Test
    void recordsWithoutABufferedBit() {
        change(
                BitmapPage.of(bufferedLeaf, 512),
                bits -> BitmapPage.setBuffered(bits, bufferedLeaf.pageNo(), false));
        requireFound("a BUFFERED bit and the change buffer disagree", "has_records=true");
    }

    @Test
    void recordsForAPageOutsideTheTablespace() {
        engine.changeBuffer()
                .tree()
                .insert(
                        BufferedChange.key(new PageId(space, 100_000), 0),
                        BufferedChange.value(Operation.INSERT, new byte[16]));
        requireFound("for a page outside its tablespace", "page number=100000");
    }

    @Test
    void anIbufBitOutsideTheTree() {
        change(bitmapOf(space), bits -> BitmapPage.setChangeBufferPage(bits, 9, true));
        requireFound("an IBUF bit and the change buffer's tree disagree", "ibuf_bit=true");
    }

    @Test
    void aTreePageWithoutAnIbufBit() {
        change(
                bitmapOf(0),
                bits -> BitmapPage.setChangeBufferPage(bits, FspHeader.IBUF_ROOT_PAGE_NO, false));
        requireFound("an IBUF bit and the change buffer's tree disagree", "ibuf_bit=false");
    }

    @Test
    void aSizeThatIsNotTheNumberOfPages() {
        try (MiniTransaction mtr = engine.pages().begin()) {
            engine.changeBuffer().changeSize(mtr, 1);
        }
        requireFound("size is not the number of its pages", "size=");
    }

    @Test
    void anAppliedChangeThatWasLeft() {
        BTree changes = engine.changeBuffer().tree();
        try (MiniTransaction mtr = engine.pages().begin()) {
            BufferBlock leaf = changes.descend(mtr, BufferedChange.key(bufferedLeaf, 0), Latch.X);
            mtr.setDirty(leaf);
            IndexPage.setDeleteMark(leaf.frame(), 0, true);
        }
        requireFound("an applied change was left in the change buffer", "page=");
    }

    @Test
    void freeBitsThatPromiseTooMuch() {
        PageId full = fullLeaf();
        change(BitmapPage.of(full, 512), bits -> BitmapPage.setFree(bits, full.pageNo(), 3));
        requireFound("FREE bits promise more room than the page has", "promised=64");
    }

    /** A leaf with less room than the highest FREE bits promise. */
    private PageId fullLeaf() {
        List<PageId> full = new ArrayList<>();
        TreeCheck.check(
                engine.pages(),
                table.secondary(0),
                (page, frame) -> {
                    if (IndexPage.isLeaf(frame) && IndexPage.freeSpace(frame) < 64) {
                        full.add(page);
                    }
                });
        return full.get(0);
    }

    @Test
    void aRowWithoutItsSecondaryRecord() {
        byte[] key = KeyEncoding.secondary(Engines.spread(500), 500);
        assertThat(table.secondary(0).remove(key)).isTrue();
        requireFound("a secondary index lacks a row's record", "table=t index=k key=500");
    }

    @Test
    void aSecondaryRecordWithoutItsRow() {
        byte[] key = KeyEncoding.secondary(5, 77_777);
        table.secondary(0).insert(key, BTree.NO_VALUE);
        requireFound("a secondary index has a live record of no row", "key=77777");
    }

    @Test
    void aTableThatTheDictionaryLost() {
        assertThat(engine.dictionary().tree().remove(table.definition().key())).isTrue();
        requireFound("the dictionary's records are not the open tables", "records=0 tables=1");
    }
}
