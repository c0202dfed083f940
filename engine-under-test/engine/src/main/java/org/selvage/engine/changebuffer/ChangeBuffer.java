package org.selvage.engine.changebuffer;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.ErrorLog;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.bufferpool.MergeOnRead;
import org.selvage.engine.index.BTree;
import org.selvage.engine.index.IndexPage;
import org.selvage.engine.index.LeafBuffering;
import org.selvage.engine.index.PageStore;
import org.selvage.engine.index.TreePath;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.redo.MiniTransaction;
import org.selvage.engine.tablespace.DeleteProtocol;
import org.selvage.engine.tablespace.FilSystem;

/**
 * Buffers changes to secondary index leaves that are not in the pool, so that they need not be read
 * for a single record (InnoDB's ibuf0ibuf.cc, MySQL 5.7).
 *
 * <h2>Why a change cannot be lost between "not in the pool" and "buffered"</h2>
 *
 * <p>A reader puts the page in the pool's hash first and looks at its BUFFERED bit when the read
 * completes. {@link #reserve} looks at the hash and sets the bit under one X latch of the bitmap
 * page. So either the reader was first and the change is refused, or the reader sees the bit. It
 * then searches the tree, where it waits for the leaf's latch that the buffering thread holds from
 * before the check until the record is in.
 *
 * <h2>The watch rule</h2>
 *
 * <p>A purge finds that a record is not needed any more and then removes it. In between, the key
 * must not come to life again through a change that is buffered. So the purge watches the leaf
 * ({@link org.selvage.engine.bufferpool.PageWatches}) from before it looks until its change is in:
 * inserts and delete marks of a watched page are refused and read the page, and the purge is
 * refused when the page came. Here the purge also holds the row's lock, which InnoDB's does not.
 *
 * <h2>Order of latches</h2>
 *
 * <p>User pages, then the tree latch and leaves here, then bitmap pages. Nobody goes up.
 */
public final class ChangeBuffer implements LeafBuffering, MergeOnRead {
    private enum Attempt {
        BUFFERED,
        REFUSED,
        NEEDS_TREE_LATCH
    }

    /** The changes already buffered for a page, as far as they were looked at. */
    private static final class Backlog {
        private int volume;
        private int lastCounter = -1;

        /** Keys that inserts and delete marks leave on the page, if no delete removes them. */
        private final @Nullable Set<ByteBuffer> present;

        private int deletes;

        /** Only a delete asks for the keys, so only for it they are collected. */
        Backlog(Operation operation) {
            present = operation == Operation.DELETE ? new HashSet<>() : null;
        }

        /** Records that the page has at least once all of it is applied. */
        int leastRecords() {
            return present == null ? 0 : present.size() - deletes;
        }
    }

    private final ChangeBufferTree changes;
    private final PageStore store;
    private final BTree tree;
    private final int pageSize;
    private final PageMerge pageMerge;

    /** A change buffer over its tree. */
    public ChangeBuffer(
            ChangeBufferTree changes, DeleteProtocol protocol, FilSystem fil, ErrorLog log) {
        this.changes = changes;
        this.store = changes.store();
        this.tree = changes.tree();
        this.pageSize = store.pageSize();
        this.pageMerge = new PageMerge(changes, protocol, fil, log);
    }

    /** The tree with its size and counters. */
    public ChangeBufferTree changes() {
        return changes;
    }

    /** The merge of one page's changes. */
    PageMerge pageMerge() {
        return pageMerge;
    }

    /** InnoDB's ibuf_merge_or_delete_for_page, with the page. */
    @Override
    public void merge(BufferBlock block) {
        pageMerge.merge(block);
    }

    /** InnoDB's ibuf_merge_or_delete_for_page, without a page. */
    @Override
    public void discard(PageId id) {
        pageMerge.discardForNewPage(id);
    }

    /** InnoDB's ibuf_insert: optimistic first, then with the tree latch held X. */
    @Override
    public boolean buffer(Operation operation, PageId leaf, byte[] key) {
        if (changes.maxSize() == 0 || isTooLarge(key) || mustContractFirst()) {
            return false;
        }
        byte[] value = BufferedChange.value(operation, key);
        Attempt attempt = insertOptimistic(operation, leaf, key, value);
        if (attempt == Attempt.NEEDS_TREE_LATCH) {
            attempt = insertPessimistic(operation, leaf, key, value);
        }
        if (attempt != Attempt.BUFFERED) {
            return false;
        }
        changes.countBuffered(operation);
        return true;
    }

    /** A record of half an empty page or more is not worth buffering. */
    private boolean isTooLarge(byte[] key) {
        return IndexPage.recordLength(BufferedChange.KEY_LENGTH, 1 + key.length)
                > IndexPage.maxRecordLength(pageSize);
    }

    /** Past its limit by {@value Contraction#SIZE_REFUSED} pages the buffer takes nothing more. */
    private boolean mustContractFirst() {
        return changes.size() >= changes.maxSize() + Contraction.SIZE_REFUSED;
    }

    /** ibuf_insert_low with BTR_MODIFY_PREV: one leaf is enough. */
    private Attempt insertOptimistic(Operation operation, PageId page, byte[] key, byte[] value) {
        tree.latch().lockShared();
        try (MiniTransaction mtr = store.begin()) {
            byte[] behindLast = BufferedChange.key(page, BufferedChange.NO_COUNTER);
            BufferBlock leaf = tree.descend(mtr, behindLast, Latch.X);
            ByteBuffer frame = leaf.frame();
            int position = IndexPage.lowerBound(frame, behindLast);
            if (IndexPage.freeSpace(frame)
                    < IndexPage.recordLength(BufferedChange.KEY_LENGTH, value.length)
                            + IndexPage.SLOT_LENGTH) {
                return Attempt.NEEDS_TREE_LATCH;
            }
            Backlog backlog = new Backlog(operation);
            boolean reachesPrevious = look(frame, position, page, backlog);
            if (reachesPrevious && PageHeader.prev(frame) != PageHeader.NULL_PAGE) {
                return Attempt.NEEDS_TREE_LATCH;
            }
            if (!reserve(mtr, operation, page, key, backlog)) {
                return Attempt.REFUSED;
            }
            mtr.setDirty(leaf);
            IndexPage.insert(
                    frame,
                    position,
                    BufferedChange.key(page, backlog.lastCounter + 1),
                    value,
                    false);
            return Attempt.BUFFERED;
        } finally {
            tree.latch().unlockShared();
        }
    }

    /** ibuf_insert_low with BTR_MODIFY_TREE: may look at the leaf before, and may split. */
    private Attempt insertPessimistic(Operation operation, PageId page, byte[] key, byte[] value) {
        tree.latch().lockExclusive();
        try (MiniTransaction mtr = store.begin()) {
            byte[] behindLast = BufferedChange.key(page, BufferedChange.NO_COUNTER);
            TreePath path = tree.descendExclusive(mtr, behindLast);
            ByteBuffer frame = path.leaf().frame();
            Backlog backlog = new Backlog(operation);
            boolean reachesPrevious =
                    look(frame, IndexPage.lowerBound(frame, behindLast), page, backlog);
            int previous = PageHeader.prev(frame);
            if (reachesPrevious
                    && previous != PageHeader.NULL_PAGE
                    && !lookAtPrevious(mtr, previous, page, backlog)) {
                return Attempt.REFUSED;
            }
            if (!reserve(mtr, operation, page, key, backlog)) {
                return Attempt.REFUSED;
            }
            // A node pointer may have a higher counter of this page, from changes that are long
            // merged:
            // then the record belongs on the leaf before.
            byte[] entryKey = BufferedChange.key(page, backlog.lastCounter + 1);
            TreePath target = tree.descendExclusive(mtr, entryKey);
            changes.changeSize(mtr, tree.insertAlong(mtr, target, entryKey, value));
            return Attempt.BUFFERED;
        } finally {
            tree.latch().unlockExclusive();
        }
    }

    /**
     * Adds the page's changes that stand before a position to its backlog (ibuf_get_volume_buffered
     * and ibuf_get_entry_counter).
     *
     * @return whether there may be more on the leaf before
     */
    private static boolean look(ByteBuffer frame, int position, PageId page, Backlog backlog) {
        int at = position - 1;
        while (at >= 0 && BufferedChange.isFor(frame, at, page)) {
            backlog.volume += BufferedChange.volume(frame, at);
            if (backlog.present != null && !IndexPage.isDeleteMarked(frame, at)) {
                countRecord(frame, at, backlog.present, backlog);
            }
            if (backlog.lastCounter < 0) {
                backlog.lastCounter = BufferedChange.counter(frame, at);
            }
            at--;
        }
        return at < 0;
    }

    /** ibuf_get_volume_buffered_count: several changes of one key make one record. */
    private static void countRecord(
            ByteBuffer frame, int position, Set<ByteBuffer> present, Backlog backlog) {
        switch (BufferedChange.operation(frame, position)) {
            case INSERT, DELETE_MARK ->
                    present.add(ByteBuffer.wrap(BufferedChange.secondaryKey(frame, position)));
            case DELETE -> backlog.deletes++;
        }
    }

    /** False when the page's changes go back further than one leaf: that is too many anyway. */
    private boolean lookAtPrevious(
            MiniTransaction mtr, int previous, PageId page, Backlog backlog) {
        ByteBuffer frame = mtr.page(new PageId(tree.spaceId(), previous), Latch.X).frame();
        return !look(frame, IndexPage.recordCount(frame), page, backlog)
                || PageHeader.prev(frame) == PageHeader.NULL_PAGE;
    }

    /**
     * The part of ibuf_insert_low under the bitmap page's X latch: the page is not in the pool, an
     * insert fits beside what is buffered; then the BUFFERED bit is set. In the mini-transaction of
     * the record, so that a crash leaves both or neither; InnoDB commits the bit first.
     */
    private boolean reserve(
            MiniTransaction mtr, Operation operation, PageId page, byte[] key, Backlog backlog) {
        if (backlog.lastCounter + 1 >= BufferedChange.NO_COUNTER) {
            return false;
        }
        if (operation == Operation.DELETE && !mayBufferDelete(page, backlog)) {
            return false;
        }
        BufferBlock bitmap = mtr.page(BitmapPage.of(page, pageSize), Latch.X);
        ByteBuffer frame = bitmap.frame();
        if (operation == Operation.DELETE ? store.isInPool(page) : store.isInPoolOrWatched(page)) {
            return false;
        }
        if (operation == Operation.INSERT && !fits(frame, page, key, backlog)) {
            return false;
        }
        if (!BitmapPage.buffered(frame, page.pageNo())) {
            mtr.setDirty(bitmap);
            BitmapPage.setBuffered(frame, page.pageNo(), true);
        }
        return true;
    }

    /**
     * A delete must not leave the page empty, which only a change of the tree's shape may do, and
     * must not be buffered when the page has come into the pool under the purge's watch: then
     * others may have changed it since the purge decided, and the purge looks at the page itself.
     * Who holds the change buffer's leaf keeps every merge of the page away, so both stay true
     * until the record is in.
     */
    private boolean mayBufferDelete(PageId page, Backlog backlog) {
        return backlog.leastRecords() >= 2 && !store.watchOccurred(page);
    }

    private boolean fits(ByteBuffer bitmap, PageId page, byte[] key, Backlog backlog) {
        int promised = BitmapPage.freeBytes(BitmapPage.free(bitmap, page.pageNo()), pageSize);
        return backlog.volume + BufferedChange.spaceTaken(key.length) <= promised;
    }

    @Override
    public void freeSpaceChanged(MiniTransaction mtr, BufferBlock leaf, int freeBefore) {
        int after = BitmapPage.freeBits(IndexPage.freeSpace(leaf.frame()), pageSize);
        if (after == BitmapPage.freeBits(freeBefore, pageSize)) {
            return;
        }
        BufferBlock bitmap = mtr.page(BitmapPage.of(leaf.id(), pageSize), Latch.X);
        mtr.setDirty(bitmap);
        BitmapPage.setFree(bitmap.frame(), leaf.id().pageNo(), after);
    }

    @Override
    public void resetBits(MiniTransaction mtr, BufferBlock leaf) {
        BufferBlock bitmap = mtr.page(BitmapPage.of(leaf.id(), pageSize), Latch.X);
        mtr.setDirty(bitmap);
        PageMerge.writeBits(bitmap.frame(), leaf, pageSize);
    }
}
