package org.selvage.engine.index;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
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
import org.selvage.engine.ValidationException;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.page.IndexHeader;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.redo.MiniTransaction;

/** Plants each kind of damage that the check claims to find. */
class TreeCheckTest {
    private static final long INDEX_ID = 99;

    @TempDir Path dir;

    private Engine engine;
    private BTree tree;

    /** Leaves, and pages of level 1, in key order. */
    private final List<Integer> leaves = new ArrayList<>();

    private final List<Integer> parents = new ArrayList<>();

    @BeforeEach
    void growATreeOfThreeLevels() {
        engine = Engines.open(dir, Engines.small());
        try (MiniTransaction mtr = engine.pages().begin()) {
            BufferBlock root = engine.pages().allocate(mtr, 0);
            BTree.createRoot(mtr, root, INDEX_ID);
            tree = new BTree(engine.pages(), 0, root.id().pageNo(), INDEX_ID, null);
        }
        for (long key = 0; key < 2000; key++) {
            tree.insert(KeyEncoding.ofLong(key * 7919 % 2000), BTree.NO_VALUE);
        }
        TreeCheck.check(
                engine.pages(),
                tree,
                (page, frame) -> {
                    if (IndexPage.level(frame) < 2) {
                        (IndexPage.isLeaf(frame) ? leaves : parents).add(page.pageNo());
                    }
                });
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private void change(int pageNo, Consumer<ByteBuffer> damage) {
        Planted.change(engine, new PageId(0, pageNo), damage);
    }

    private void requireFound(int pageNo, Consumer<ByteBuffer> damage, String rule) {
        assertThatCode(() -> TreeCheck.check(engine.pages(), tree, (page, frame) -> {}))
                .doesNotThrowAnyException();
        change(pageNo, damage);
        assertThatThrownBy(() -> TreeCheck.check(engine.pages(), tree, (page, frame) -> {}))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(rule)
                .hasMessageContaining("index=" + INDEX_ID);
    }

    private static int slot(ByteBuffer frame, int position) {
        return frame.capacity() - PageHeader.TRAILER - IndexPage.SLOT_LENGTH * (position + 1);
    }

    @Test
    void keysOutOfOrder() {
        requireFound(
                leaves.get(3),
                frame -> {
                    short first = frame.getShort(slot(frame, 0));
                    frame.putShort(slot(frame, 0), frame.getShort(slot(frame, 1)));
                    frame.putShort(slot(frame, 1), first);
                },
                "keys do not ascend");
    }

    @Test
    void aKeyBelowItsPage() {
        requireFound(
                leaves.get(3),
                frame ->
                        frame.put(
                                IndexPage.record(frame, 0) + IndexPage.RECORD_HEADER,
                                KeyEncoding.ofLong(-5)),
                "a key is below the page's bound");
    }

    @Test
    void aKeyAboveItsPage() {
        requireFound(
                leaves.get(3),
                frame ->
                        frame.put(
                                IndexPage.record(frame, IndexPage.recordCount(frame) - 1)
                                        + IndexPage.RECORD_HEADER,
                                KeyEncoding.ofLong(1_000_000)),
                "a key is not below the next page's bound");
    }

    @Test
    void aBackwardLinkThatLeadsElsewhere() {
        requireFound(
                leaves.get(3),
                frame -> PageHeader.setPrev(frame, leaves.get(7)),
                "does not link back to the one before it");
    }

    @Test
    void aForwardLinkThatLeadsElsewhere() {
        requireFound(
                leaves.get(3),
                frame -> PageHeader.setNext(frame, leaves.get(7)),
                "does not link to the one after it");
    }

    @Test
    void aLinkBehindTheLastPage() {
        requireFound(
                leaves.get(leaves.size() - 1),
                frame -> PageHeader.setNext(frame, leaves.get(0)),
                "the last page of a level has a next one");
    }

    @Test
    void aPageOfAnotherIndex() {
        requireFound(
                leaves.get(3),
                frame -> frame.putLong(IndexHeader.INDEX_ID, 98),
                "not the one its tree points to");
    }

    @Test
    void aPageOfAnotherLevel() {
        requireFound(
                parents.get(1),
                frame -> frame.putShort(IndexHeader.LEVEL, (short) 3),
                "not the one its tree points to");
    }

    @Test
    void aRootOfAnImpossibleLevel() {
        requireFound(
                tree.rootPage(),
                frame -> frame.putShort(IndexHeader.LEVEL, (short) 999),
                "the root's level is out of range");
    }

    @Test
    void aHeapThatReachesIntoTheDirectory() {
        requireFound(
                leaves.get(3),
                frame -> frame.putShort(IndexHeader.HEAP_TOP, (short) 511),
                "the record heap reaches outside its place");
    }

    @Test
    void aRecordOutsideTheHeap() {
        requireFound(
                leaves.get(3),
                frame -> frame.putShort(slot(frame, 2), (short) 3),
                "a record lies outside the record heap");
    }

    @Test
    void bytesThatNobodyOwns() {
        requireFound(
                leaves.get(3),
                frame ->
                        frame.putShort(IndexHeader.GARBAGE, (short) (IndexPage.garbage(frame) + 1)),
                "do not add up to the record heap");
    }

    @Test
    void anEmptyPage() {
        requireFound(
                leaves.get(3),
                frame -> IndexPage.create(frame, INDEX_ID, 0),
                "a page other than the root is empty");
    }

    @Test
    void aFirstNodePointerWithAKey() {
        requireFound(
                parents.get(1),
                frame -> {
                    byte[] pointer = IndexPage.value(frame, 0);
                    IndexPage.remove(frame, 0);
                    IndexPage.insert(frame, 0, new byte[] {0}, pointer, false);
                },
                "the first node pointer has a key");
    }
}
