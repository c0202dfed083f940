package org.selvage.engine.index;

import org.jspecify.annotations.Nullable;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.redo.MiniTransaction;

import java.nio.ByteBuffer;

/**
 * The changes to a tree's shape: split, root raise, and the freeing of empty pages (InnoDB's
 * btr_page_split_and_insert, btr_root_raise_and_insert, btr_discard_page). The caller holds the
 * tree latch X and the path X-latched.
 */
final class TreeShape {
    private static final byte[] MINUS_INFINITY = {};

    private final PageStore store;
    private final int spaceId;
    private final long indexId;
    private final @Nullable LeafBuffering buffering;

    TreeShape(PageStore store, int spaceId, long indexId, @Nullable LeafBuffering buffering) {
        this.store = store;
        this.spaceId = spaceId;
        this.indexId = indexId;
        this.buffering = buffering;
    }

    /** Inserts into the path's leaf; returns how many pages were allocated. */
    int insert(MiniTransaction mtr, TreePath path, byte[] key, byte[] value, boolean deleteMarked) {
        return insert(mtr, path, path.length() - 1, key, value, deleteMarked);
    }

    private int insert(
            MiniTransaction mtr,
            TreePath path,
            int depth,
            byte[] key,
            byte[] value,
            boolean deleteMarked) {
        BufferBlock page = path.at(depth);
        ByteBuffer frame = page.frame();
        int position = IndexPage.lowerBound(frame, key);
        int freeBefore = IndexPage.freeSpace(frame);
        mtr.setDirty(page);
        if (IndexPage.insert(frame, position, key, value, deleteMarked)) {
            if (buffering != null && IndexPage.isLeaf(frame)) {
                buffering.freeSpaceChanged(mtr, page, freeBefore);
            }
            return 0;
        }
        if (depth == 0) {
            raiseRoot(mtr, path);
            return 1 + split(mtr, path, 1, position, key, value, deleteMarked);
        }
        return split(mtr, path, depth, position, key, value, deleteMarked);
    }

    /** Moves the root's records one level down, so that the root keeps its page number. */
    private void raiseRoot(MiniTransaction mtr, TreePath path) {
        BufferBlock root = path.at(0);
        ByteBuffer frame = root.frame();
        int level = IndexPage.level(frame);
        BufferBlock child = store.allocate(mtr, spaceId);
        IndexPage.create(child.frame(), indexId, level);
        int count = IndexPage.recordCount(frame);
        for (int i = 0; i < count; i++) {
            IndexPage.append(child.frame(), frame, i);
        }
        IndexPage.create(frame, indexId, level + 1);
        IndexPage.insert(frame, 0, MINUS_INFINITY, pointerTo(child), false);
        path.insertBelowRoot(child);
    }

    /** Splits the page at a depth and inserts the record on the side where it belongs. */
    private int split(
            MiniTransaction mtr,
            TreePath path,
            int depth,
            int position,
            byte[] key,
            byte[] value,
            boolean deleteMarked) {
        BufferBlock left = path.at(depth);
        ByteBuffer frame = left.frame();
        int level = IndexPage.level(frame);
        int staying = splitPoint(frame, position, IndexPage.recordLength(key.length, value.length));
        boolean goesLeft = position < staying;
        int from = goesLeft ? staying - 1 : staying;

        BufferBlock right = store.allocate(mtr, spaceId);
        ByteBuffer rightFrame = right.frame();
        IndexPage.create(rightFrame, indexId, level);
        linkAfter(mtr, left, right);
        int count = IndexPage.recordCount(frame);
        for (int i = from; i < count; i++) {
            IndexPage.append(rightFrame, frame, i);
        }
        IndexPage.truncate(frame, from);
        boolean fits =
                goesLeft
                        ? IndexPage.insert(frame, position, key, value, deleteMarked)
                        : IndexPage.insert(rightFrame, position - from, key, value, deleteMarked);
        assert fits : "a record of at most half a page fits after a split";

        byte[] separator = IndexPage.key(rightFrame, 0);
        if (level > 0) {
            blankFirstKey(rightFrame);
        }
        int gained = 1 + insert(mtr, path, depth - 1, separator, pointerTo(right), false);
        if (buffering != null && level == 0) {
            // Last, since allocating a page looks at the bitmap in a mini-transaction of its own.
            buffering.resetBits(mtr, left);
            buffering.resetBits(mtr, right);
        }
        return gained;
    }

    /**
     * How many of the page's records and the new one together stay on the left: all but the new one
     * when it comes last of the whole level, which keeps pages full under ascending keys; otherwise
     * what balances the bytes.
     */
    private static int splitPoint(ByteBuffer frame, int position, int newLength) {
        int count = IndexPage.recordCount(frame);
        if (position == count && frame.getInt(PageHeader.NEXT) == PageHeader.NULL_PAGE) {
            return count;
        }
        int total = newLength;
        for (int i = 0; i < count; i++) {
            total += IndexPage.recordLength(frame, i);
        }
        total += IndexPage.SLOT_LENGTH * (count + 1);
        int left = 0;
        int best = 1;
        int smallest = Integer.MAX_VALUE;
        for (int staying = 1; staying <= count; staying++) {
            left += IndexPage.SLOT_LENGTH + lengthOf(frame, staying - 1, position, newLength);
            int larger = Math.max(left, total - left);
            if (larger < smallest) {
                smallest = larger;
                best = staying;
            }
        }
        return best;
    }

    private static int lengthOf(ByteBuffer frame, int rank, int position, int newLength) {
        if (rank == position) {
            return newLength;
        }
        return IndexPage.recordLength(frame, rank < position ? rank : rank - 1);
    }

    private void linkAfter(MiniTransaction mtr, BufferBlock left, BufferBlock right) {
        int next = left.frame().getInt(PageHeader.NEXT);
        right.frame().putInt(PageHeader.PREV, left.id().pageNo());
        right.frame().putInt(PageHeader.NEXT, next);
        left.frame().putInt(PageHeader.NEXT, right.id().pageNo());
        if (next != PageHeader.NULL_PAGE) {
            setLink(mtr, next, PageHeader.PREV, right.id().pageNo());
        }
    }

    private void setLink(MiniTransaction mtr, int pageNo, int field, int target) {
        BufferBlock neighbour = mtr.page(new PageId(spaceId, pageNo), Latch.X);
        mtr.setDirty(neighbour);
        neighbour.frame().putInt(field, target);
    }

    /** Removes a record of the path's leaf; returns how many pages were freed. */
    int remove(MiniTransaction mtr, TreePath path, int position) {
        int depth = path.length() - 1;
        BufferBlock leaf = path.at(depth);
        mtr.setDirty(leaf);
        IndexPage.remove(leaf.frame(), position);
        int freed = 0;
        while (depth > 0 && IndexPage.recordCount(path.at(depth).frame()) == 0) {
            removePointer(mtr, path.at(depth - 1), path.at(depth).id().pageNo());
            discard(mtr, path.at(depth));
            freed++;
            depth--;
        }
        BufferBlock root = path.at(0);
        if (depth == 0 && IndexPage.recordCount(root.frame()) == 0) {
            IndexPage.create(root.frame(), indexId, 0);
        }
        return freed;
    }

    private static void removePointer(MiniTransaction mtr, BufferBlock parent, int child) {
        ByteBuffer frame = parent.frame();
        int position = 0;
        while (IndexPage.childPage(frame, position) != child) {
            position++;
        }
        mtr.setDirty(parent);
        IndexPage.remove(frame, position);
        if (position == 0 && IndexPage.recordCount(frame) > 0) {
            blankFirstKey(frame);
        }
    }

    /** Takes an empty page out of its level and gives it back to the space. */
    private void discard(MiniTransaction mtr, BufferBlock page) {
        int previous = page.frame().getInt(PageHeader.PREV);
        int next = page.frame().getInt(PageHeader.NEXT);
        if (previous != PageHeader.NULL_PAGE) {
            setLink(mtr, previous, PageHeader.NEXT, next);
        }
        if (next != PageHeader.NULL_PAGE) {
            setLink(mtr, next, PageHeader.PREV, previous);
        }
        store.free(mtr, page.id());
    }

    private static void blankFirstKey(ByteBuffer frame) {
        byte[] pointer = IndexPage.value(frame, 0);
        IndexPage.remove(frame, 0);
        IndexPage.insert(frame, 0, MINUS_INFINITY, pointer, false);
    }

    private static byte[] pointerTo(BufferBlock page) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(page.id().pageNo()).array();
    }
}
