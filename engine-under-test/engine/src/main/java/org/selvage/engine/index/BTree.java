package org.selvage.engine.index;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.ValidationException;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.index.LeafBuffering.Operation;
import org.selvage.engine.page.IndexHeader;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.redo.MiniTransaction;
import org.selvage.engine.sync.LatchLevel;

/**
 * A B+tree of byte keys and byte values over the pages of one space (InnoDB's btr0btr.cc and
 * btr0cur.cc). The root never moves. Clustered indexes, secondary indexes, the dictionary and the
 * change buffer are all such trees.
 *
 * <h2>Latching</h2>
 *
 * <p>The tree latch guards the shape: who holds it S may change one leaf at a time, who holds it SX
 * may also split a leaf whose parent has room, with parent, leaf and next leaf X-latched in this
 * order; who holds it X may split, link and free any page. Under S the descent latches from the
 * root down and lets the parent go once it has the child; under X it keeps the whole path. Besides
 * a holder of the tree latch only two parties latch a page of the tree, and neither asks for a
 * second page of it: the page cleaner, and the completion of a read that merges buffered changes
 * into its leaf. So under X a page's left neighbour may be latched after the page itself.
 */
public final class BTree {
    /** Most levels a tree may have. */
    public static final int MAX_HEIGHT = 16;

    /** Value of a record that consists of its key alone. */
    public static final byte[] NO_VALUE = {};

    /** How an insert ended. */
    public enum Inserted {
        /** A record was added. */
        ADDED,
        /** A delete-marked record of this key was there and lives again. */
        UNMARKED,
        /** The change buffer took it. */
        BUFFERED,
        /** A record of this key is there; nothing changed. */
        DUPLICATE
    }

    /** How a delete-mark ended. */
    public enum Marked {
        /** The record was there and is marked now. */
        MARKED,
        /** The change buffer took it. */
        BUFFERED,
        /** There is no live record of this key; nothing changed. */
        ABSENT
    }

    /** How the removal of a delete-marked record ended. */
    public enum Removed {
        /** The record was there and is gone now. */
        REMOVED,
        /** The change buffer took it. */
        BUFFERED,
        /** There is no delete-marked record of this key; nothing changed. */
        ABSENT
    }

    /**
     * The record of a key as it is or was.
     *
     * @param value null when there is no record
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared: two versions may be the same bytes.
    public record Version(byte @Nullable [] value, boolean deleteMarked) {
        /** No record. */
        public static final Version ABSENT = new Version(null, false);

        /** A live record that consists of its key alone. */
        public static final Version LIVE_KEY = new Version(NO_VALUE, false);

        /** Whether there is a record that is not delete-marked. */
        public boolean isLive() {
            return value != null && !deleteMarked;
        }
    }

    /** Receives the records of a scan in key order. */
    @FunctionalInterface
    public interface Visitor {
        /** Looks at a record under the leaf's S latch; returns whether to go on. */
        boolean visit(ByteBuffer frame, int position);
    }

    private final PageStore store;
    private final int spaceId;
    private final int rootPage;
    private final long indexId;
    private final @Nullable LeafBuffering buffering;
    private final SharedExclusiveLatch latch;
    private final TreeShape shape;

    /**
     * A tree whose root page exists.
     *
     * @param buffering the change buffer for a secondary index, null for every other tree
     */
    public BTree(
            PageStore store,
            int spaceId,
            int rootPage,
            long indexId,
            @Nullable LeafBuffering buffering) {
        this.store = store;
        this.spaceId = spaceId;
        this.rootPage = rootPage;
        this.indexId = indexId;
        this.buffering = buffering;
        this.latch =
                new SharedExclusiveLatch(
                        store.latchOrder(),
                        indexId == IndexHeader.IBUF_INDEX_ID
                                ? LatchLevel.IBUF_TREE
                                : LatchLevel.TREE);
        this.shape = new TreeShape(store, spaceId, indexId, buffering);
    }

    /** Makes a page that {@code mtr} has just allocated the root of an empty tree. */
    public static void createRoot(MiniTransaction mtr, BufferBlock page, long indexId) {
        mtr.setDirty(page);
        IndexPage.create(page.frame(), indexId, 0);
    }

    /** Space that holds the tree. */
    public int spaceId() {
        return spaceId;
    }

    /** Page number of the root. */
    public int rootPage() {
        return rootPage;
    }

    /** Identity stamped on each page. */
    public long indexId() {
        return indexId;
    }

    /** The latch that guards the shape. */
    public SharedExclusiveLatch latch() {
        return latch;
    }

    /** Value of the live record of a key, or null. */
    public byte @Nullable [] get(byte[] key) {
        latch.lockShared();
        try {
            try (MiniTransaction mtr = store.begin()) {
                ByteBuffer frame = descend(mtr, key, Latch.S).frame();
                int position = IndexPage.lowerBound(frame, key);
                if (!IndexPage.keyEquals(frame, position, key)
                        || IndexPage.isDeleteMarked(frame, position)) {
                    return null;
                }
                return IndexPage.value(frame, position);
            }
        } finally {
            latch.unlockShared();
        }
    }

    /** Inserts a record: into its leaf if it fits there, by splitting otherwise. */
    public Inserted insert(byte[] key, byte[] value) {
        Inserted inserted = insertOptimistic(key, value);
        return inserted != null ? inserted : insertPessimistic(key, value);
    }

    /** The record of a key, delete-marked or not. */
    public Version version(byte[] key) {
        latch.lockShared();
        try (MiniTransaction mtr = store.begin()) {
            ByteBuffer frame = descend(mtr, key, Latch.S).frame();
            int position = IndexPage.lowerBound(frame, key);
            return IndexPage.keyEquals(frame, position, key)
                    ? new Version(
                            IndexPage.value(frame, position),
                            IndexPage.isDeleteMarked(frame, position))
                    : Version.ABSENT;
        } finally {
            latch.unlockShared();
        }
    }

    /**
     * Makes the record of a key the given one, in one mini-transaction and without the change
     * buffer.
     */
    public void put(byte[] key, Version version) {
        byte[] value = version.value();
        if (value == null) {
            throw new IllegalArgumentException("a record is put that does not exist");
        }
        if (!putOptimistic(key, value, version.deleteMarked())) {
            putPessimistic(key, value, version.deleteMarked());
        }
    }

    private boolean putOptimistic(byte[] key, byte[] value, boolean deleteMarked) {
        latch.lockShared();
        try (MiniTransaction mtr = store.begin()) {
            return putIntoLeaf(mtr, descend(mtr, key, Latch.X), key, value, deleteMarked);
        } finally {
            latch.unlockShared();
        }
    }

    private boolean putIntoLeaf(
            MiniTransaction mtr, BufferBlock leaf, byte[] key, byte[] value, boolean deleteMarked) {
        ByteBuffer frame = leaf.frame();
        int position = IndexPage.lowerBound(frame, key);
        boolean exists = IndexPage.keyEquals(frame, position, key);
        if (exists && IndexPage.valueLength(frame, position) == value.length) {
            mtr.setDirty(leaf);
            frame.put(IndexPage.valueOffset(frame, position), value);
            IndexPage.setDeleteMark(frame, position, deleteMarked);
            return true;
        }
        int freeBefore = IndexPage.freeSpace(frame);
        int wanted = IndexPage.recordLength(key.length, value.length);
        int given = exists ? IndexPage.recordLength(frame, position) : -IndexPage.SLOT_LENGTH;
        if (freeBefore + given < wanted) {
            return false;
        }
        mtr.setDirty(leaf);
        if (exists) {
            IndexPage.remove(frame, position);
        }
        boolean fits = IndexPage.insert(frame, position, key, value, deleteMarked);
        assert fits : "there was room";
        if (buffering != null) {
            buffering.freeSpaceChanged(mtr, leaf, freeBefore);
        }
        return true;
    }

    private void putPessimistic(byte[] key, byte[] value, boolean deleteMarked) {
        latch.lockExclusive();
        try (MiniTransaction mtr = store.begin()) {
            TreePath path = descendExclusive(mtr, key);
            BufferBlock leaf = path.leaf();
            if (putIntoLeaf(mtr, leaf, key, value, deleteMarked)) {
                return;
            }
            ByteBuffer frame = leaf.frame();
            int position = IndexPage.lowerBound(frame, key);
            if (IndexPage.keyEquals(frame, position, key)) {
                mtr.setDirty(leaf);
                IndexPage.remove(frame, position);
            }
            shape.insert(mtr, path, key, value, deleteMarked);
        } finally {
            latch.unlockExclusive();
        }
    }

    /** Removes the record of a key; false when there is none. */
    public boolean remove(byte[] key) {
        Boolean removed = removeOptimistic(key);
        return removed != null ? removed : removePessimistic(key, false);
    }

    /**
     * Removes the record of a key if it is delete-marked, in its leaf or through the change buffer
     * (row_purge_remove_sec_if_poss). The caller holds a lock that keeps the record marked.
     */
    public Removed removeMarked(byte[] key) {
        Removed removed = removeMarkedOptimistic(key);
        if (removed != null) {
            return removed;
        }
        return removePessimistic(key, true) ? Removed.REMOVED : Removed.ABSENT;
    }

    /** Null when the tree may have to change its shape. */
    private @Nullable Removed removeMarkedOptimistic(byte[] key) {
        latch.lockShared();
        try (MiniTransaction mtr = store.begin()) {
            BufferBlock leaf = descendOrBuffer(mtr, key, Operation.DELETE);
            if (leaf == null) {
                return Removed.BUFFERED;
            }
            Boolean removed = removeFromLeaf(mtr, leaf, key, true);
            if (removed == null) {
                return null;
            }
            return removed ? Removed.REMOVED : Removed.ABSENT;
        } finally {
            latch.unlockShared();
        }
    }

    private static boolean mayBeRemoved(
            ByteBuffer frame, int position, byte[] key, boolean onlyMarked) {
        return IndexPage.keyEquals(frame, position, key)
                && (!onlyMarked || IndexPage.isDeleteMarked(frame, position));
    }

    /** Delete-marks the record of a key, in its leaf or through the change buffer. */
    public Marked deleteMark(byte[] key) {
        latch.lockShared();
        try {
            try (MiniTransaction mtr = store.begin()) {
                BufferBlock leaf = descendOrBuffer(mtr, key, Operation.DELETE_MARK);
                if (leaf == null) {
                    return Marked.BUFFERED;
                }
                ByteBuffer frame = leaf.frame();
                int position = IndexPage.lowerBound(frame, key);
                if (!IndexPage.keyEquals(frame, position, key)
                        || IndexPage.isDeleteMarked(frame, position)) {
                    return Marked.ABSENT;
                }
                mtr.setDirty(leaf);
                IndexPage.setDeleteMark(frame, position, true);
                return Marked.MARKED;
            }
        } finally {
            latch.unlockShared();
        }
    }

    /**
     * Visits the records from the first key not less than {@code from}, delete-marked ones
     * included, until the visitor has enough. The tree latch is held S throughout, and the next
     * leaf is latched before the last one is let go.
     */
    public void scan(byte[] from, Visitor visitor) {
        latch.lockShared();
        try {
            try (MiniTransaction mtr = store.begin()) {
                BufferBlock leaf = descend(mtr, from, Latch.S);
                int position = IndexPage.lowerBound(leaf.frame(), from);
                while (true) {
                    ByteBuffer frame = leaf.frame();
                    int count = IndexPage.recordCount(frame);
                    for (; position < count; position++) {
                        if (!visitor.visit(frame, position)) {
                            return;
                        }
                    }
                    int next = frame.getInt(PageHeader.NEXT);
                    if (next == PageHeader.NULL_PAGE) {
                        return;
                    }
                    BufferBlock following = page(mtr, next, 0, Latch.S);
                    mtr.release(leaf);
                    leaf = following;
                    position = 0;
                }
            }
        } finally {
            latch.unlockShared();
        }
    }

    /**
     * Visits the records from the last key that is less than {@code before} down to the first one,
     * delete-marked ones included, until the visitor has enough (btr_pcur_move_to_prev).
     *
     * <p>Leaves are latched from left to right, so nobody may wait for the one before while holding
     * a leaf. The scan lets its leaf go first. The tree latch, held S throughout, keeps pages from
     * being merged and freed meanwhile, but a page may split. So the page that the leaf's link led
     * to may have been cut into several by the time it is latched; from there the scan goes right
     * up to the one that the leaf follows (btr_pcur_move_backward_from_page restores its cursor by
     * key). Records that come into the leaf after it was let go are not visited.
     *
     * @param before the bound, null for the end of the tree
     */
    public void scanBackward(byte @Nullable [] before, Visitor visitor) {
        latch.lockShared();
        try (MiniTransaction mtr = store.begin()) {
            BufferBlock leaf = before == null ? lastLeaf(mtr) : descend(mtr, before, Latch.S);
            int end =
                    before == null
                            ? IndexPage.recordCount(leaf.frame())
                            : IndexPage.lowerBound(leaf.frame(), before);
            while (true) {
                ByteBuffer frame = leaf.frame();
                for (int position = end - 1; position >= 0; position--) {
                    if (!visitor.visit(frame, position)) {
                        return;
                    }
                }
                int previous = PageHeader.prev(frame);
                if (previous == PageHeader.NULL_PAGE) {
                    return;
                }
                int followed = leaf.id().pageNo();
                byte[] first = IndexPage.recordCount(frame) == 0 ? null : IndexPage.key(frame, 0);
                mtr.release(leaf);
                leaf = leafBefore(mtr, previous, followed);
                end = IndexPage.recordCount(leaf.frame());
                if (first != null
                        && end > 0
                        && IndexPage.compareKey(leaf.frame(), end - 1, first) >= 0) {
                    throw outOfOrder(leaf);
                }
            }
        } finally {
            latch.unlockShared();
        }
    }

    /** Else links that lead back would make a scan go round for ever. */
    private void requireOrder(ByteBuffer frame, BufferBlock following) {
        int count = IndexPage.recordCount(frame);
        if (count > 0
                && IndexPage.recordCount(following.frame()) > 0
                && IndexPage.compareKey(following.frame(), 0, IndexPage.key(frame, count - 1))
                        <= 0) {
            throw outOfOrder(following);
        }
    }

    private ValidationException outOfOrder(BufferBlock leaf) {
        return new ValidationException(
                "the leaves of a tree are not linked in the order of their keys",
                "page=" + leaf.id() + " index=" + indexId);
    }

    /**
     * The leaf that another one follows.
     *
     * @param candidate a leaf that the other one followed a moment ago
     */
    private BufferBlock leafBefore(MiniTransaction mtr, int candidate, int followed) {
        BufferBlock leaf = page(mtr, candidate, 0, Latch.S);
        while (PageHeader.next(leaf.frame()) != followed) {
            BufferBlock right = next(mtr, leaf, Latch.S);
            if (right == null) {
                throw new ValidationException(
                        "a leaf is not reached from the one before it",
                        "space=" + spaceId + " page=" + followed + " from=" + candidate);
            }
            leaf = right;
        }
        return leaf;
    }

    private BufferBlock lastLeaf(MiniTransaction mtr) {
        BufferBlock block = root(mtr, Latch.S);
        for (int level = IndexPage.level(block.frame()); level > 0; level--) {
            ByteBuffer frame = block.frame();
            int child = IndexPage.childPage(frame, IndexPage.recordCount(frame) - 1);
            block = step(mtr, block, child, level - 1, Latch.S);
        }
        return block;
    }

    /** Delete-marked records in the leaves. */
    public int countMarked() {
        int[] marked = new int[1];
        scan(
                NO_VALUE,
                (frame, position) -> {
                    marked[0] += IndexPage.isDeleteMarked(frame, position) ? 1 : 0;
                    return true;
                });
        return marked[0];
    }

    /**
     * The leaf that a key belongs to. The caller holds the tree latch; only the leaf stays latched.
     */
    public BufferBlock descend(MiniTransaction mtr, byte[] key, Latch leafLatch) {
        BufferBlock block = root(mtr, leafLatch);
        for (int level = IndexPage.level(block.frame()); level > 0; level--) {
            ByteBuffer frame = block.frame();
            int child = IndexPage.childPage(frame, IndexPage.childPosition(frame, key));
            block = step(mtr, block, child, level - 1, leafLatch);
        }
        return block;
    }

    /**
     * A leaf that a seeded random draw leads to (InnoDB's btr_cur_open_at_rnd_pos), S-latched. The
     * caller holds the tree latch.
     */
    public BufferBlock descendAtRandom(MiniTransaction mtr, SeededRandom random) {
        BufferBlock block = root(mtr, Latch.S);
        for (int level = IndexPage.level(block.frame()); level > 0; level--) {
            ByteBuffer frame = block.frame();
            int child = IndexPage.childPage(frame, random.below(IndexPage.recordCount(frame)));
            block = step(mtr, block, child, level - 1, Latch.S);
        }
        return block;
    }

    /** The next leaf, latched in the same mode before {@code leaf} is let go; null at the end. */
    public @Nullable BufferBlock next(MiniTransaction mtr, BufferBlock leaf, Latch mode) {
        int next = leaf.frame().getInt(PageHeader.NEXT);
        if (next == PageHeader.NULL_PAGE) {
            return null;
        }
        BufferBlock following = page(mtr, next, 0, mode);
        requireOrder(leaf.frame(), following);
        mtr.release(leaf);
        return following;
    }

    /** The path to a key's leaf, all of it X-latched. The caller holds the tree latch X. */
    public TreePath descendExclusive(MiniTransaction mtr, byte[] key) {
        TreePath path = new TreePath();
        BufferBlock block = mtr.page(new PageId(spaceId, rootPage), Latch.X);
        check(block, IndexPage.level(block.frame()));
        path.push(block);
        for (int level = IndexPage.level(block.frame()); level > 0; level--) {
            ByteBuffer frame = block.frame();
            int child = IndexPage.childPage(frame, IndexPage.childPosition(frame, key));
            block = page(mtr, child, level - 1, Latch.X);
            path.push(block);
        }
        return path;
    }

    /**
     * Inserts under a tree latch held X, splitting as far up as needed; there is no record of the
     * key.
     *
     * @return pages that the tree gained
     */
    public int insertAlong(MiniTransaction mtr, TreePath path, byte[] key, byte[] value) {
        return shape.insert(mtr, path, key, value, false);
    }

    /**
     * Removes the record at a position of the path's leaf under a tree latch held X, and frees the
     * pages that this leaves empty.
     *
     * @return pages that the tree lost
     */
    public int removeAlong(MiniTransaction mtr, TreePath path, int position) {
        return shape.remove(mtr, path, position);
    }

    /** A page of this tree; throws when it is not one of the expected level. */
    BufferBlock page(MiniTransaction mtr, int pageNo, int level, Latch mode) {
        BufferBlock block = mtr.page(new PageId(spaceId, pageNo), mode);
        check(block, level);
        return block;
    }

    private BufferBlock step(
            MiniTransaction mtr, BufferBlock parent, int child, int level, Latch leafLatch) {
        BufferBlock block = page(mtr, child, level, level == 0 ? leafLatch : Latch.S);
        mtr.release(parent);
        return block;
    }

    private BufferBlock root(MiniTransaction mtr, Latch leafLatch) {
        PageId id = new PageId(spaceId, rootPage);
        BufferBlock block = mtr.page(id, Latch.S);
        if (leafLatch == Latch.X && IndexPage.isLeaf(block.frame())) {
            // The tree latch keeps the root a leaf while its own latch is exchanged.
            mtr.release(block);
            block = mtr.page(id, Latch.X);
        }
        check(block, IndexPage.level(block.frame()));
        return block;
    }

    private void check(BufferBlock block, int level) {
        ByteBuffer frame = block.frame();
        if (IndexPage.indexId(frame) != indexId || IndexPage.level(frame) != level) {
            throw new ValidationException(
                    "a page is not the one its tree points to",
                    "page="
                            + block.id()
                            + " index="
                            + IndexPage.indexId(frame)
                            + " level="
                            + IndexPage.level(frame)
                            + " expected_index="
                            + indexId
                            + " expected_level="
                            + level);
        }
    }

    /** The leaf of a key X-latched, or null when the change buffer took the change in its place. */
    private @Nullable BufferBlock descendOrBuffer(
            MiniTransaction mtr, byte[] key, Operation operation) {
        BufferBlock block = root(mtr, Latch.X);
        for (int level = IndexPage.level(block.frame()); level > 0; level--) {
            ByteBuffer frame = block.frame();
            int child = IndexPage.childPage(frame, IndexPage.childPosition(frame, key));
            if (level == 1
                    && buffering != null
                    && bufferInstead(buffering, operation, child, key)) {
                return null;
            }
            block = step(mtr, block, child, level - 1, Latch.X);
        }
        return block;
    }

    private boolean bufferInstead(
            LeafBuffering changeBuffer, Operation operation, int leafPage, byte[] key) {
        PageId leaf = new PageId(spaceId, leafPage);
        return switch (operation) {
            case INSERT, DELETE_MARK ->
                    !store.isInPoolOrWatched(leaf) && changeBuffer.buffer(operation, leaf, key);
            case DELETE -> store.watch(leaf) && bufferWatched(changeBuffer, leaf, key);
        };
    }

    /** The purge of a record whose leaf is watched (BUF_GET_IF_IN_POOL_OR_WATCH). */
    private boolean bufferWatched(LeafBuffering changeBuffer, PageId leaf, byte[] key) {
        try {
            return changeBuffer.buffer(Operation.DELETE, leaf, key);
        } finally {
            store.unwatch(leaf);
        }
    }

    /** InnoDB's btr_cur_optimistic_insert: null when the leaf has no room. */
    private @Nullable Inserted insertOptimistic(byte[] key, byte[] value) {
        latch.lockShared();
        try {
            try (MiniTransaction mtr = store.begin()) {
                BufferBlock leaf = descendOrBuffer(mtr, key, Operation.INSERT);
                return leaf == null ? Inserted.BUFFERED : insertIntoLeaf(mtr, leaf, key, value);
            }
        } finally {
            latch.unlockShared();
        }
    }

    private @Nullable Inserted insertIntoLeaf(
            MiniTransaction mtr, BufferBlock leaf, byte[] key, byte[] value) {
        ByteBuffer frame = leaf.frame();
        int position = IndexPage.lowerBound(frame, key);
        if (IndexPage.keyEquals(frame, position, key)) {
            if (!IndexPage.isDeleteMarked(frame, position)) {
                return Inserted.DUPLICATE;
            }
            mtr.setDirty(leaf);
            IndexPage.setDeleteMark(frame, position, false);
            return Inserted.UNMARKED;
        }
        int freeBefore = IndexPage.freeSpace(frame);
        if (freeBefore < IndexPage.recordLength(key.length, value.length) + IndexPage.SLOT_LENGTH) {
            return null;
        }
        mtr.setDirty(leaf);
        IndexPage.insert(frame, position, key, value, false);
        if (buffering != null) {
            buffering.freeSpaceChanged(mtr, leaf, freeBefore);
        }
        return Inserted.ADDED;
    }

    /**
     * InnoDB's btr_cur_pessimistic_insert: under SX when the split goes no further up than the
     * leaf's parent, as nearly all do, so that others go on in the rest of the tree; under X else.
     */
    private Inserted insertPessimistic(byte[] key, byte[] value) {
        Inserted inserted = insertSplittingLeaf(key, value);
        return inserted != null ? inserted : insertSplittingUpwards(key, value);
    }

    /**
     * Null when the leaf's parent may have no room for another pointer, or is the root, which
     * everybody has to pass, or there is none.
     */
    private @Nullable Inserted insertSplittingLeaf(byte[] key, byte[] value) {
        latch.lockSharedExclusive();
        try (MiniTransaction mtr = store.begin()) {
            TreePath path = descendToSplitLeaf(mtr, key);
            if (path == null) {
                return null;
            }
            return insertOrSplit(mtr, path, key, value);
        } finally {
            latch.unlockSharedExclusive();
        }
    }

    /** Inserts into the path's leaf, which a thread before may have split by now. */
    private Inserted insertOrSplit(MiniTransaction mtr, TreePath path, byte[] key, byte[] value) {
        Inserted inserted = insertIntoLeaf(mtr, path.leaf(), key, value);
        if (inserted != null) {
            return inserted;
        }
        insertAlong(mtr, path, key, value);
        return Inserted.ADDED;
    }

    /**
     * The leaf and its parent, X-latched together with the next leaf: all that a split of the leaf
     * changes. From the root down and then to the right, as those go who have the tree latch S.
     */
    private @Nullable TreePath descendToSplitLeaf(MiniTransaction mtr, byte[] key) {
        BufferBlock block = root(mtr, Latch.S);
        int level = IndexPage.level(block.frame());
        if (level <= 1) {
            return null;
        }
        while (level > 1) {
            level--;
            BufferBlock child = child(mtr, block, key, level, level == 1 ? Latch.X : Latch.S);
            mtr.release(block);
            block = child;
        }
        BufferBlock leaf = child(mtr, block, key, 0, Latch.X);
        if (IndexPage.freeSpace(block.frame()) < longestPointer(leaf.frame(), key)) {
            return null;
        }
        int next = PageHeader.next(leaf.frame());
        if (next != PageHeader.NULL_PAGE) {
            page(mtr, next, 0, Latch.X);
        }
        TreePath path = new TreePath();
        path.push(block);
        path.push(leaf);
        return path;
    }

    private BufferBlock child(
            MiniTransaction mtr, BufferBlock parent, byte[] key, int level, Latch mode) {
        ByteBuffer frame = parent.frame();
        int pageNo = IndexPage.childPage(frame, IndexPage.childPosition(frame, key));
        return page(mtr, pageNo, level, mode);
    }

    /** Bytes that the pointer to the second half of the leaf takes at most, its slot included. */
    private static int longestPointer(ByteBuffer leaf, byte[] key) {
        int longest = key.length;
        for (int i = 0; i < IndexPage.recordCount(leaf); i++) {
            longest = Math.max(longest, IndexPage.keyLength(leaf, i));
        }
        return IndexPage.recordLength(longest, Integer.BYTES) + IndexPage.SLOT_LENGTH;
    }

    private Inserted insertSplittingUpwards(byte[] key, byte[] value) {
        latch.lockExclusive();
        try (MiniTransaction mtr = store.begin()) {
            return insertOrSplit(mtr, descendExclusive(mtr, key), key, value);
        } finally {
            latch.unlockExclusive();
        }
    }

    /** InnoDB's btr_cur_optimistic_delete. */
    private @Nullable Boolean removeOptimistic(byte[] key) {
        latch.lockShared();
        try (MiniTransaction mtr = store.begin()) {
            return removeFromLeaf(mtr, descend(mtr, key, Latch.X), key, false);
        } finally {
            latch.unlockShared();
        }
    }

    /** Null when the leaf would be left empty or less than half full, but may have neighbours. */
    private @Nullable Boolean removeFromLeaf(
            MiniTransaction mtr, BufferBlock leaf, byte[] key, boolean onlyMarked) {
        ByteBuffer frame = leaf.frame();
        int position = IndexPage.lowerBound(frame, key);
        if (!mayBeRemoved(frame, position, key, onlyMarked)) {
            return false;
        }
        int freed = IndexPage.recordLength(frame, position) + IndexPage.SLOT_LENGTH;
        if (leaf.id().pageNo() != rootPage && TreeShape.isLow(frame, freed)) {
            return null;
        }
        mtr.setDirty(leaf);
        IndexPage.remove(frame, position);
        return true;
    }

    /**
     * Whether removing one record leaves the shape as it is: the root may be empty, no other leaf.
     */
    public boolean mayRemoveFrom(BufferBlock leaf) {
        return leaf.id().pageNo() == rootPage || IndexPage.recordCount(leaf.frame()) > 1;
    }

    /** InnoDB's btr_cur_pessimistic_delete. */
    private boolean removePessimistic(byte[] key, boolean onlyMarked) {
        latch.lockExclusive();
        try {
            try (MiniTransaction mtr = store.begin()) {
                TreePath path = descendExclusive(mtr, key);
                ByteBuffer frame = path.leaf().frame();
                int position = IndexPage.lowerBound(frame, key);
                if (!mayBeRemoved(frame, position, key, onlyMarked)) {
                    return false;
                }
                removeAlong(mtr, path, position);
                return true;
            }
        } finally {
            latch.unlockExclusive();
        }
    }
}
