package org.selvage.engine.index;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.ValidationException;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.redo.MiniTransaction;

/**
 * Checks a whole tree (InnoDB's btr_validate_index and page_validate): every page is the tree's
 * own, its records lie where its header says, keys ascend within and between the bounds that the
 * level above sets, the pages of a level are linked both ways in key order, and no page but the
 * root is empty.
 */
public final class TreeCheck {
    /** Sees every page of the tree once, in key order within its level. */
    @FunctionalInterface
    public interface PageVisitor {
        /** Looks at a page under its S latch, after it was found well-formed. */
        void visit(PageId page, ByteBuffer frame);
    }

    /** The node pointers of a page: pages, and the keys from which their subtrees begin. */
    private static final class Children {
        private final int[] pages;
        private final byte[][] keys;

        Children(ByteBuffer frame) {
            int count = IndexPage.recordCount(frame);
            pages = new int[count];
            keys = new byte[count][];
            for (int i = 0; i < count; i++) {
                pages[i] = IndexPage.childPage(frame, i);
                keys[i] = IndexPage.key(frame, i);
            }
        }
    }

    /** The root says itself how high its tree is. */
    private static final int UNKNOWN_LEVEL = -1;

    private final PageStore store;
    private final BTree tree;
    private final PageVisitor visitor;
    private final int[] lastPage = new int[BTree.MAX_HEIGHT];
    private final int[] expectedNext = new int[BTree.MAX_HEIGHT];

    private TreeCheck(PageStore store, BTree tree, PageVisitor visitor) {
        this.store = store;
        this.tree = tree;
        this.visitor = visitor;
        Arrays.fill(lastPage, PageHeader.NULL_PAGE);
        Arrays.fill(expectedNext, PageHeader.NULL_PAGE);
    }

    /**
     * Checks a tree; takes its latch S.
     *
     * @throws ValidationException at the first page that breaks a rule
     */
    public static void check(PageStore store, BTree tree, PageVisitor visitor) {
        tree.latch().lockShared();
        try {
            TreeCheck check = new TreeCheck(store, tree, visitor);
            check.walk(tree.rootPage(), UNKNOWN_LEVEL, null, null);
            for (int level = 0; level < BTree.MAX_HEIGHT; level++) {
                if (check.expectedNext[level] != PageHeader.NULL_PAGE) {
                    throw check.broken(
                            check.lastPage[level],
                            "the last page of a level has a next one",
                            "level=" + level + " next=" + check.expectedNext[level]);
                }
            }
        } finally {
            tree.latch().unlockShared();
        }
    }

    private int rootLevel(ByteBuffer frame) {
        int level = IndexPage.level(frame);
        if (level >= BTree.MAX_HEIGHT) {
            throw broken(tree.rootPage(), "the root's level is out of range", "level=" + level);
        }
        return level;
    }

    private void walk(
            int pageNo, int expectedLevel, byte @Nullable [] low, byte @Nullable [] high) {
        Children children;
        int level;
        try (MiniTransaction mtr = store.begin()) {
            BufferBlock block = mtr.page(new PageId(tree.spaceId(), pageNo), Latch.S);
            ByteBuffer frame = block.frame();
            level = expectedLevel == UNKNOWN_LEVEL ? rootLevel(frame) : expectedLevel;
            checkIdentity(pageNo, frame, level);
            checkRecords(pageNo, frame);
            checkKeys(pageNo, frame, level, low, high);
            checkLinks(pageNo, frame, level);
            visitor.visit(block.id(), frame);
            if (level == 0) {
                return;
            }
            children = new Children(frame);
        }
        int count = children.pages.length;
        for (int i = 0; i < count; i++) {
            walk(
                    children.pages[i],
                    level - 1,
                    i == 0 ? low : children.keys[i],
                    i + 1 == count ? high : children.keys[i + 1]);
        }
    }

    private void checkIdentity(int pageNo, ByteBuffer frame, int level) {
        if (PageHeader.typeCode(frame) != PageType.INDEX.code()
                || PageHeader.pageNo(frame) != pageNo
                || IndexPage.indexId(frame) != tree.indexId()
                || IndexPage.level(frame) != level) {
            throw broken(
                    pageNo,
                    "a page is not the one its tree points to",
                    "type="
                            + PageHeader.typeCode(frame)
                            + " page_no="
                            + PageHeader.pageNo(frame)
                            + " page_index="
                            + IndexPage.indexId(frame)
                            + " level="
                            + IndexPage.level(frame)
                            + " expected_level="
                            + level);
        }
    }

    /** Offsets and lengths stay inside the page, and add up to what the header says. */
    private void checkRecords(int pageNo, ByteBuffer frame) {
        int count = IndexPage.recordCount(frame);
        int top = IndexPage.heapTop(frame);
        int directory = frame.capacity() - PageHeader.TRAILER - count * IndexPage.SLOT_LENGTH;
        if (top < IndexPage.RECORDS || top > directory) {
            throw broken(
                    pageNo,
                    "the record heap reaches outside its place",
                    "heap_top=" + top + " records=" + count);
        }
        if (count == 0 && pageNo != tree.rootPage()) {
            throw broken(pageNo, "a page other than the root is empty", "heap_top=" + top);
        }
        int used = 0;
        for (int i = 0; i < count; i++) {
            int offset = IndexPage.record(frame, i);
            if (offset < IndexPage.RECORDS
                    || offset + IndexPage.RECORD_HEADER > top
                    || offset + IndexPage.recordLength(frame, i) > top) {
                throw broken(
                        pageNo,
                        "a record lies outside the record heap",
                        "position=" + i + " offset=" + offset + " heap_top=" + top);
            }
            used += IndexPage.recordLength(frame, i);
        }
        if (used + IndexPage.garbage(frame) != top - IndexPage.RECORDS) {
            throw broken(
                    pageNo,
                    "records and garbage do not add up to the record heap",
                    "records_bytes="
                            + used
                            + " garbage="
                            + IndexPage.garbage(frame)
                            + " heap_bytes="
                            + (top - IndexPage.RECORDS));
        }
    }

    private void checkKeys(
            int pageNo,
            ByteBuffer frame,
            int level,
            byte @Nullable [] low,
            byte @Nullable [] high) {
        int count = IndexPage.recordCount(frame);
        for (int i = 1; i < count; i++) {
            if (IndexPage.compareKey(frame, i, IndexPage.key(frame, i - 1)) <= 0) {
                throw broken(pageNo, "keys do not ascend", "position=" + i + " level=" + level);
            }
        }
        int first = level == 0 ? 0 : 1;
        if (level > 0 && IndexPage.keyLength(frame, 0) != 0) {
            throw broken(pageNo, "the first node pointer has a key", "level=" + level);
        }
        if (count <= first) {
            return;
        }
        if (low != null && IndexPage.compareKey(frame, first, low) < 0) {
            throw broken(pageNo, "a key is below the page's bound", "position=0 level=" + level);
        }
        if (high != null && IndexPage.compareKey(frame, count - 1, high) >= 0) {
            throw broken(
                    pageNo,
                    "a key is not below the next page's bound",
                    "position=" + (count - 1) + " level=" + level);
        }
    }

    private void checkLinks(int pageNo, ByteBuffer frame, int level) {
        int previous = PageHeader.prev(frame);
        if (previous != lastPage[level]) {
            throw broken(
                    pageNo,
                    "a page does not link back to the one before it",
                    "level=" + level + " prev=" + previous + " expected=" + lastPage[level]);
        }
        if (previous != PageHeader.NULL_PAGE && expectedNext[level] != pageNo) {
            throw broken(
                    previous,
                    "a page does not link to the one after it",
                    "level=" + level + " next=" + expectedNext[level] + " expected=" + pageNo);
        }
        lastPage[level] = pageNo;
        expectedNext[level] = PageHeader.next(frame);
    }

    private ValidationException broken(int pageNo, String rule, String evidence) {
        return new ValidationException(
                rule,
                "space="
                        + tree.spaceId()
                        + " page="
                        + pageNo
                        + " index="
                        + tree.indexId()
                        + " "
                        + evidence);
    }
}
