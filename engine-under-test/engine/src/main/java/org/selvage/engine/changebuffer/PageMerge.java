package org.selvage.engine.changebuffer;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.ErrorLog;
import org.selvage.engine.TablespaceMissingException;
import org.selvage.engine.ValidationException;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.event.ChangeBufferMergeEvent;
import org.selvage.engine.index.BTree;
import org.selvage.engine.index.IndexPage;
import org.selvage.engine.index.LeafBuffering.Operation;
import org.selvage.engine.index.PageStore;
import org.selvage.engine.index.TreePath;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.redo.MiniTransaction;
import org.selvage.engine.tablespace.DeleteProtocol;
import org.selvage.engine.tablespace.FilSpace;
import org.selvage.engine.tablespace.FilSystem;

/**
 * Applies a page's buffered changes when it was read, or deletes them when it never will be
 * (InnoDB's ibuf_merge_or_delete_for_page).
 *
 * <h2>Exactly once</h2>
 *
 * <p>A change is applied and its record removed in one mini-transaction. When removing the record
 * would leave its leaf empty, that mini-transaction delete-marks it in its place, and the record is
 * removed afterwards under the tree latch X; a delete-marked record is never applied again.
 * (Committing the change before the mark was InnoDB Bug#14636528: after a crash the change was
 * applied twice.)
 */
final class PageMerge {
    /** What one look at a leaf of the change buffer left to do. */
    private enum Progress {
        FINISHED,
        LOOK_AGAIN
    }

    /** One run over the records of a page. */
    private static final class Run {
        private final PageId page;
        private final @Nullable BufferBlock block;
        private final long[] applied = new long[Operation.values().length];
        private final long[] discarded = new long[Operation.values().length];
        private byte @Nullable [] lastOfLeaf;

        Run(PageId page, @Nullable BufferBlock block) {
            this.page = page;
            this.block = block;
        }
    }

    private static final int SYSTEM_SPACE = 0;

    private final ChangeBufferTree changes;
    private final BTree tree;
    private final PageStore store;
    private final DeleteProtocol protocol;
    private final FilSystem fil;
    private final ErrorLog log;

    PageMerge(ChangeBufferTree changes, DeleteProtocol protocol, FilSystem fil, ErrorLog log) {
        this.changes = changes;
        this.tree = changes.tree();
        this.store = changes.store();
        this.protocol = protocol;
        this.fil = fil;
        this.log = log;
    }

    /**
     * Merges into a page that was just read: X-latched and io-fixed by the completion of its read.
     */
    void merge(BufferBlock block) {
        PageId page = block.id();
        if (page.spaceId() == SYSTEM_SPACE || !IndexPage.isLeaf(block.frame())) {
            return;
        }
        FilSpace space = acquireSpace(page);
        if (space == null) {
            deleteRecords(page);
            return;
        }
        try {
            if (hasBufferedChanges(page)) {
                applyRecords(block);
            }
        } finally {
            protocol.release(space);
        }
    }

    /**
     * The bitmap page of a page that is being merged, or null when its tablespace began to go away
     * and refuses the read. MariaDB 10.6 refuses it although the merge holds a reference
     * (ibuf_bitmap_get_map_page returns nothing); the page then stays as it was read, since nobody
     * will look at it again.
     */
    private @Nullable BufferBlock bitmapOf(MiniTransaction mtr, PageId page, Latch latch) {
        try {
            return mtr.page(BitmapPage.of(page, store.pageSize()), latch);
        } catch (TablespaceMissingException e) {
            FilSpace space = fil.lookup(page.spaceId());
            if (space != null && !space.isStopping()) {
                throw e;
            }
            return null;
        }
    }

    /**
     * Announces the merge to a drop (fil_space_acquire_silent); null when the space is going away.
     */
    private @Nullable FilSpace acquireSpace(PageId page) {
        return protocol.acquire(page.spaceId());
    }

    /**
     * Deletes what is buffered for a page that is being created anew: it belonged to a freed one.
     */
    void discardForNewPage(PageId page) {
        if (page.spaceId() == SYSTEM_SPACE
                || page.pageNo() == 0
                || FspHeader.isBitmapPage(page.pageNo(), store.pageSize())
                || !hasBufferedChanges(page)) {
            return;
        }
        deleteRecords(page);
        try (MiniTransaction mtr = store.begin()) {
            BufferBlock bitmap = mtr.page(BitmapPage.of(page, store.pageSize()), Latch.X);
            mtr.setDirty(bitmap);
            BitmapPage.setBuffered(bitmap.frame(), page.pageNo(), false);
        }
    }

    private boolean hasBufferedChanges(PageId page) {
        try (MiniTransaction mtr = store.begin()) {
            BufferBlock bitmap = bitmapOf(mtr, page, Latch.S);
            return bitmap != null && BitmapPage.buffered(bitmap.frame(), page.pageNo());
        }
    }

    private void applyRecords(BufferBlock block) {
        consumeRecords(new Run(block.id(), block));
    }

    /** Deletes a page's records unapplied: its tablespace is gone or going. */
    void deleteRecords(PageId page) {
        consumeRecords(new Run(page, null));
    }

    private void consumeRecords(Run run) {
        ChangeBufferMergeEvent event = ChangeBufferMergeEvent.started();
        boolean finished = false;
        try {
            Progress progress;
            do {
                progress = consumeLeaf(run);
                byte[] key = run.lastOfLeaf;
                if (key != null) {
                    run.lastOfLeaf = null;
                    removeLastOfLeaf(run.page, key);
                }
            } while (progress == Progress.LOOK_AGAIN);
            finished = true;
        } finally {
            if (!finished) {
                changes.mergeFailed();
            }
        }
        changes.countMerge(run.applied, run.discarded);
        event.ended(run.page, run.applied, run.discarded);
    }

    /** Consumes the page's records on one leaf, in one mini-transaction. */
    private Progress consumeLeaf(Run run) {
        tree.latch().lockShared();
        try (MiniTransaction mtr = store.begin()) {
            if (run.block != null) {
                mtr.enlist(run.block);
            }
            byte[] first = BufferedChange.key(run.page, 0);
            BufferBlock leaf = tree.descend(mtr, first, Latch.X);
            int position = IndexPage.lowerBound(leaf.frame(), first);
            if (position == IndexPage.recordCount(leaf.frame())) {
                BufferBlock following = tree.next(mtr, leaf, Latch.X);
                if (following == null) {
                    writeBits(mtr, run, Progress.FINISHED);
                    return Progress.FINISHED;
                }
                leaf = following;
                position = 0;
            }
            Progress progress = consumeFrom(mtr, run, leaf, position);
            writeBits(mtr, run, progress);
            return progress;
        } finally {
            tree.latch().unlockShared();
        }
    }

    private Progress consumeFrom(MiniTransaction mtr, Run run, BufferBlock leaf, int position) {
        ByteBuffer frame = leaf.frame();
        while (position < IndexPage.recordCount(frame)) {
            if (!BufferedChange.isFor(frame, position, run.page)) {
                return Progress.FINISHED;
            }
            if (!consumeRecord(mtr, run, leaf, position)) {
                return Progress.LOOK_AGAIN;
            }
        }
        return Progress.LOOK_AGAIN;
    }

    /**
     * Brings the page's bits in line with what was applied, in the same mini-transaction: FREE as
     * the page has it now, and nothing buffered once no record is left. Were FREE written later, a
     * crash in between would leave it promising room that the page no longer has.
     */
    private void writeBits(MiniTransaction mtr, Run run, Progress progress) {
        BufferBlock block = run.block;
        if (block == null) {
            return;
        }
        BufferBlock bitmap = bitmapOf(mtr, run.page, Latch.X);
        if (bitmap == null) {
            return;
        }
        mtr.setDirty(bitmap);
        boolean buffered = progress == Progress.LOOK_AGAIN;
        writeBits(bitmap.frame(), block, store.pageSize());
        BitmapPage.setBuffered(bitmap.frame(), run.page.pageNo(), buffered);
    }

    /**
     * Applies a record, or counts it as discarded, and removes it (ibuf_delete_rec).
     *
     * @return false when it was only delete-marked, being the last of its leaf
     */
    private boolean consumeRecord(MiniTransaction mtr, Run run, BufferBlock leaf, int position) {
        ByteBuffer frame = leaf.frame();
        if (!IndexPage.isDeleteMarked(frame, position)) {
            Operation operation = BufferedChange.operation(frame, position);
            if (run.block != null) {
                apply(mtr, run.block, operation, BufferedChange.secondaryKey(frame, position));
                run.applied[operation.code()]++;
            } else {
                run.discarded[operation.code()]++;
            }
        }
        mtr.setDirty(leaf);
        if (tree.mayRemoveFrom(leaf)) {
            IndexPage.remove(frame, position);
            return true;
        }
        IndexPage.setDeleteMark(frame, position, true);
        run.lastOfLeaf = IndexPage.key(frame, position);
        return false;
    }

    /**
     * Removes a delete-marked record and the leaf it leaves empty (ibuf_delete_rec, pessimistic).
     */
    private void removeLastOfLeaf(PageId page, byte[] key) {
        tree.latch().lockExclusive();
        try (MiniTransaction mtr = store.begin()) {
            TreePath path = tree.descendExclusive(mtr, key);
            ByteBuffer frame = path.leaf().frame();
            int position = IndexPage.lowerBound(frame, key);
            if (!IndexPage.keyEquals(frame, position, key)) {
                cursorNotRestored(page);
                return;
            }
            changes.changeSize(mtr, -tree.removeAlong(mtr, path, position));
        } finally {
            tree.latch().unlockExclusive();
        }
    }

    /**
     * Two threads may delete the records of one page only while its tablespace goes
     * (ibuf_restore_pos).
     */
    private void cursorNotRestored(PageId page) {
        FilSpace space = fil.lookup(page.spaceId());
        if (space != null && !space.isStopping()) {
            throw new ValidationException(
                    "ibuf cursor restoration fails", "page=" + page + " space_is_live=true");
        }
    }

    private void apply(MiniTransaction mtr, BufferBlock block, Operation operation, byte[] key) {
        mtr.setDirty(block);
        boolean applied =
                switch (operation) {
                    case INSERT -> applyInsert(block.frame(), key);
                    case DELETE_MARK -> applyDeleteMark(block.frame(), key);
                    case DELETE -> applyDelete(block.frame(), key);
                };
        if (!applied) {
            log.error(
                    "A buffered change does not fit its page: operation="
                            + operation
                            + " page="
                            + block.id()
                            + " records="
                            + IndexPage.recordCount(block.frame())
                            + " free="
                            + IndexPage.freeSpace(block.frame())
                            + ". The index is corrupt; validate the table and rebuild it.");
        }
    }

    /** ibuf_insert_to_index_page: a delete-marked record of the key lives again. */
    private static boolean applyInsert(ByteBuffer frame, byte[] key) {
        int position = IndexPage.lowerBound(frame, key);
        if (!IndexPage.keyEquals(frame, position, key)) {
            return IndexPage.insert(frame, position, key, BTree.NO_VALUE, false);
        }
        if (!IndexPage.isDeleteMarked(frame, position)) {
            return false;
        }
        IndexPage.setDeleteMark(frame, position, false);
        return true;
    }

    /** ibuf_set_del_mark. */
    private static boolean applyDeleteMark(ByteBuffer frame, byte[] key) {
        int position = IndexPage.lowerBound(frame, key);
        if (!IndexPage.keyEquals(frame, position, key)
                || IndexPage.isDeleteMarked(frame, position)) {
            return false;
        }
        IndexPage.setDeleteMark(frame, position, true);
        return true;
    }

    /**
     * ibuf_delete. A purge that a crash interrupted is done again, so the record may be gone; a
     * live one or the page's last must stay.
     */
    private static boolean applyDelete(ByteBuffer frame, byte[] key) {
        int position = IndexPage.lowerBound(frame, key);
        if (!IndexPage.keyEquals(frame, position, key)) {
            return true;
        }
        if (!IndexPage.isDeleteMarked(frame, position) || IndexPage.recordCount(frame) == 1) {
            return false;
        }
        IndexPage.remove(frame, position);
        return true;
    }

    /** Nothing buffered, and FREE as the leaf has it now. */
    static void writeBits(ByteBuffer bitmap, BufferBlock leaf, int pageSize) {
        int pageNo = leaf.id().pageNo();
        BitmapPage.setBuffered(bitmap, pageNo, false);
        BitmapPage.setFree(
                bitmap, pageNo, BitmapPage.freeBits(IndexPage.freeSpace(leaf.frame()), pageSize));
    }
}
