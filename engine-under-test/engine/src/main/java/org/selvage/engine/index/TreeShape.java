package org.selvage.engine.index;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.redo.MiniTransaction;

/**
 * The changes to a tree's shape: split, root raise, the merge of pages that are less than half full
 * with a neighbour, the freeing of empty ones, and the lift of a root's only child (InnoDB's
 * btr_page_split_and_insert, btr_root_raise_and_insert, btr_compress, btr_discard_page,
 * btr_lift_page_up). The caller holds the tree latch X and the path X-latched, or SX for the split
 * of a leaf.
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
            // Bitmap pages are latched in ascending order.
            boolean ascending = left.id().pageNo() < right.id().pageNo();
            buffering.resetBits(mtr, ascending ? left : right);
            buffering.resetBits(mtr, ascending ? right : left);
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
        BufferBlock mergedLeaf = null;
        while (depth > 0) {
            BufferBlock page = path.at(depth);
            BufferBlock parent = path.at(depth - 1);
            if (IndexPage.recordCount(page.frame()) == 0) {
                removePointer(mtr, parent, page.id().pageNo());
                discard(mtr, page);
            } else {
                BufferBlock merged = isLow(page.frame(), 0) ? compress(mtr, parent, page) : null;
                if (merged == null) {
                    break;
                }
                mergedLeaf = IndexPage.isLeaf(merged.frame()) ? merged : mergedLeaf;
            }
            freed++;
            depth--;
        }
        BufferBlock root = path.at(0);
        if (depth == 0 && IndexPage.recordCount(root.frame()) == 0) {
            IndexPage.create(root.frame(), indexId, 0);
        }
        int lifted = liftOnlyChild(mtr, root);
        if (buffering != null && mergedLeaf != null && !IndexPage.isLeaf(root.frame())) {
            // Last, as bitmap pages come after all others in the order of latches.
            buffering.resetBits(mtr, mergedLeaf);
        }
        return freed + lifted;
    }

    /** Whether a page uses less than half of its room (MERGE_THRESHOLD), had it so much more. */
    static boolean isLow(ByteBuffer frame, int moreFree) {
        int capacity = IndexPage.capacity(frame.capacity());
        return IndexPage.freeSpace(frame) + moreFree > capacity / 2;
    }

    /**
     * Merges a page with the one before it, or the one after it, of the same parent: all records
     * end on the left one and the right one is freed (btr_compress).
     *
     * @return the page that has all records; null when they do not fit on one
     */
    private @Nullable BufferBlock compress(
            MiniTransaction mtr, BufferBlock parent, BufferBlock page) {
        int position = positionOf(parent.frame(), page.id().pageNo());
        BufferBlock merged = position > 0 ? merge(mtr, parent, position - 1) : null;
        if (merged == null && position + 1 < IndexPage.recordCount(parent.frame())) {
            merged = merge(mtr, parent, position);
        }
        return merged;
    }

    /** Merges the children at a position and the next one; null when they do not fit together. */
    private @Nullable BufferBlock merge(MiniTransaction mtr, BufferBlock parent, int position) {
        BufferBlock left = child(mtr, parent, position);
        BufferBlock right = child(mtr, parent, position + 1);
        ByteBuffer from = right.frame();
        ByteBuffer to = left.frame();
        byte[] separator = IndexPage.key(parent.frame(), position + 1);
        boolean aboveLeaves = !IndexPage.isLeaf(from);
        int needed = IndexPage.capacity(from.capacity()) - IndexPage.freeSpace(from);
        if (IndexPage.freeSpace(to) < needed + (aboveLeaves ? separator.length : 0)) {
            return null;
        }
        mtr.setDirty(left);
        IndexPage.reorganize(to);
        int count = IndexPage.recordCount(from);
        for (int i = 0; i < count; i++) {
            if (aboveLeaves && i == 0) {
                int end = IndexPage.recordCount(to);
                IndexPage.insert(to, end, separator, IndexPage.value(from, 0), false);
            } else {
                IndexPage.append(to, from, i);
            }
        }
        removePointer(mtr, parent, right.id().pageNo());
        discard(mtr, right);
        return left;
    }

    private BufferBlock child(MiniTransaction mtr, BufferBlock parent, int position) {
        int pageNo = IndexPage.childPage(parent.frame(), position);
        return mtr.page(new PageId(spaceId, pageNo), Latch.X);
    }

    /** Takes a root's only child in its place, again and again; returns how many were freed. */
    private int liftOnlyChild(MiniTransaction mtr, BufferBlock root) {
        ByteBuffer frame = root.frame();
        int freed = 0;
        while (!IndexPage.isLeaf(frame) && IndexPage.recordCount(frame) == 1) {
            BufferBlock child = child(mtr, root, 0);
            mtr.setDirty(root);
            IndexPage.create(frame, indexId, IndexPage.level(child.frame()));
            int count = IndexPage.recordCount(child.frame());
            for (int i = 0; i < count; i++) {
                IndexPage.append(frame, child.frame(), i);
            }
            store.free(mtr, child.id());
            freed++;
        }
        if (freed > 0 && buffering != null && IndexPage.isLeaf(frame)) {
            buffering.resetBits(mtr, root);
        }
        return freed;
    }

    private static int positionOf(ByteBuffer parent, int child) {
        int position = 0;
        while (IndexPage.childPage(parent, position) != child) {
            position++;
        }
        return position;
    }

    private static void removePointer(MiniTransaction mtr, BufferBlock parent, int child) {
        ByteBuffer frame = parent.frame();
        int position = positionOf(frame, child);
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
