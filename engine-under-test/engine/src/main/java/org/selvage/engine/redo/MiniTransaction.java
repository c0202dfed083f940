package org.selvage.engine.redo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.TablespaceMissingException;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.BufferPool;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.sync.LatchMode;
import org.selvage.engine.sync.LatchOrder;

/**
 * A mini-transaction (mtr_t): the pages a thread has fixed and latched, and which of them it
 * changed. At the commit the changed pages get one LSN and go to the flush list, then everything is
 * released in reverse order. For one thread, and for one use.
 *
 * <p>Who uses it cannot take changes back. But when a page that it asked for cannot be had, what it
 * has changed so far is half a change, which must reach neither the log nor a file: the pages then
 * become what they were, and nothing is logged. (InnoDB stops the server there.) Without a redo log
 * there are no copies to go back to.
 */
public final class MiniTransaction implements AutoCloseable {
    private final BufferPool pool;
    private final RedoLog log;
    private final LatchOrder latchOrder;
    private final List<Fixed> memo = new ArrayList<>(8);
    private boolean committed;

    /** A page could not be had. */
    private boolean failed;

    /** An entry of the memo. */
    private static final class Fixed {
        final BufferBlock block;
        final Latch latch;

        /** Fixed and latched by somebody else, who also releases it. */
        final boolean enlisted;

        boolean dirty;

        /** Its place in the order of latches, when that is checked. */
        @Nullable Object ordered;

        /** Made new in this mini-transaction: its content before does not matter. */
        boolean created;

        /** The page before the change, when there is a log. */
        byte @Nullable [] before;

        Fixed(BufferBlock block, Latch latch, boolean enlisted) {
            this.block = block;
            this.latch = latch;
            this.enlisted = enlisted;
        }
    }

    public MiniTransaction(BufferPool pool, RedoLog log) {
        this.pool = pool;
        this.log = log;
        this.latchOrder = pool.latchOrder();
    }

    /**
     * Fixes and latches a page until the commit. A page that this mini-transaction already has with
     * a sufficient latch is returned as it is.
     *
     * @throws IllegalStateException when it has the page with a weaker latch: waiting for a
     *     stronger one could wait for itself
     * @throws org.selvage.engine.CorruptPageException when the page was never written: whoever has
     *     a reference to it expects what its write would have left
     * @throws org.selvage.engine.EngineException as {@link BufferPool#get}
     */
    public BufferBlock page(PageId id, Latch latch) {
        BufferBlock block = pageOrZeroes(id, latch);
        if (latch != Latch.NONE && PageHeader.pageNo(block.frame()) != id.pageNo()) {
            failed = true;
            throw pool.corrupt(block, "page number", id.pageNo(), PageHeader.pageNo(block.frame()));
        }
        return block;
    }

    /** As {@link #page}, for a page that may be zeros, since it was never written. */
    public BufferBlock pageOrZeroes(PageId id, Latch latch) {
        Fixed held = find(id);
        if (held != null) {
            requireSufficient(held, latch);
            return held.block;
        }
        BufferBlock block = get(id, latch);
        Fixed fixed = new Fixed(block, latch, false);
        memo.add(fixed);
        assert rememberUnchanged(fixed);
        checkOrder(fixed);
        return block;
    }

    private void checkOrder(Fixed fixed) {
        if (fixed.latch != Latch.NONE) {
            LatchMode mode = fixed.latch == Latch.X ? LatchMode.X : LatchMode.S;
            BufferBlock block = fixed.block;
            fixed.ordered = latchOrder.acquiredPage(block.id(), block.frame(), mode);
        }
    }

    /** For the assertion at the commit that no page was changed without being marked. */
    private boolean rememberUnchanged(Fixed fixed) {
        if (log.isLogging() && fixed.latch == Latch.X) {
            fixed.before = fixed.block.frame().array().clone();
        }
        return true;
    }

    private static boolean isUnchanged(Fixed fixed) {
        return fixed.dirty
                || fixed.before == null
                || Arrays.equals(fixed.before, fixed.block.frame().array());
    }

    /** As {@link #page}, but null when the page is neither in the pool nor being read. */
    public @Nullable BufferBlock pageIfInPool(PageId id, Latch latch) {
        Fixed held = find(id);
        if (held != null) {
            requireSufficient(held, latch);
            return held.block;
        }
        BufferBlock block = pool.getIfInPool(id, latch);
        if (block != null) {
            Fixed fixed = new Fixed(block, latch, false);
            memo.add(fixed);
            checkOrder(fixed);
        }
        return block;
    }

    /**
     * Creates a page without reading it (buf_page_create): its content is zeroed, its header says
     * where it is and what it holds. It is X-latched and counts as changed. A page that this
     * mini-transaction has X-latched already is made new in place.
     */
    public BufferBlock newPage(PageId id, PageType type) {
        Fixed held = find(id);
        if (held != null) {
            requireSufficient(held, Latch.X);
            remember(held);
            held.dirty = true;
            held.created = true;
            try {
                pool.initialise(held.block, type);
            } catch (Throwable e) {
                failed = true;
                throw e;
            }
            return held.block;
        }
        try {
            return enterNew(pool.create(id, type));
        } catch (Throwable e) {
            failed = true;
            throw e;
        }
    }

    /**
     * As {@link #newPage}, for a page after the free limit. Nothing can be buffered for it, and its
     * bitmap page may be one that this mini-transaction has just made.
     */
    public BufferBlock newUnusedPage(PageId id, PageType type) {
        try {
            return enterNew(pool.createUnused(id, type));
        } catch (Throwable e) {
            failed = true;
            throw e;
        }
    }

    private BufferBlock enterNew(BufferBlock block) {
        Fixed created = new Fixed(block, Latch.X, false);
        created.dirty = true;
        created.created = true;
        memo.add(created);
        return block;
    }

    /**
     * Makes a block known that the caller has X-latched and will release after the commit, as a
     * merge on read has.
     */
    public void enlist(BufferBlock block) {
        memo.add(new Fixed(block, Latch.X, true));
    }

    /** Says that a page in the memo is about to be changed. It must be X-latched. */
    public void setDirty(BufferBlock block) {
        Fixed held = findBlock(block);
        if (held.latch != Latch.X) {
            throw new IllegalStateException(
                    "A page is changed without an X-latch: page=" + block.id());
        }
        if (!held.dirty) {
            assert isUnchanged(held) : "changed before it was marked: page=" + block.id();
            held.dirty = true;
            remember(held);
        }
    }

    private void remember(Fixed held) {
        if (log.isLogging() && held.before == null) {
            held.before = held.block.frame().array().clone();
        }
    }

    /**
     * Notes when a page cannot be had. A missing tablespace does not count: whoever asks for one of
     * its pages may go on without.
     */
    private BufferBlock get(PageId id, Latch latch) {
        try {
            return pool.get(id, latch);
        } catch (TablespaceMissingException e) {
            throw e;
        } catch (Throwable e) {
            failed = true;
            throw e;
        }
    }

    /** Says that something else that the changes need cannot be had, as room in a file. */
    public void fail() {
        failed = true;
    }

    /** Releases a page before the commit. It must not be changed. */
    public void release(BufferBlock block) {
        Fixed held = findBlock(block);
        if (held.dirty) {
            throw new IllegalStateException(
                    "A changed page is released before the commit: page=" + block.id());
        }
        memo.remove(held);
        releaseFixed(held);
    }

    /**
     * Gives the changes their LSN and releases everything.
     *
     * @return the end LSN of the changes, 0 when there were none or they were taken back
     */
    public long commit() {
        if (committed) {
            throw new IllegalStateException("The mini-transaction is committed already");
        }
        committed = true;
        long endLsn = 0;
        try {
            if (log.isLogging() && failed) {
                takeBack();
                return 0;
            }
            List<BufferBlock> changed = changedBlocks();
            if (!changed.isEmpty()) {
                endLsn = log.append(pool, changed, record());
            }
        } finally {
            releaseAll();
        }
        return endLsn;
    }

    /** The pages become what they were; of a created one nothing was there. */
    private void takeBack() {
        for (Fixed held : memo) {
            if (held.dirty) {
                byte[] frame = held.block.frame().array();
                byte[] before = held.before;
                if (before == null) {
                    Arrays.fill(frame, (byte) 0);
                } else {
                    System.arraycopy(before, 0, frame, 0, frame.length);
                }
            }
        }
    }

    /** Commits when {@link #commit} was not called. */
    @Override
    public void close() {
        if (!committed) {
            commit();
        }
    }

    /** The log record of the changes. */
    private @Nullable LogRecord record() {
        if (!log.isLogging()) {
            return null;
        }
        LogRecord record = new LogRecord();
        for (Fixed held : memo) {
            if (held.dirty) {
                byte[] after = held.block.frame().array();
                byte[] before = held.before;
                boolean created = held.created || before == null;
                record.beginPage(held.block.id(), created);
                PageDiff.log(
                        record,
                        created || before == null ? new byte[after.length] : before,
                        after,
                        created);
                record.endPage();
            }
        }
        record.finish();
        return record;
    }

    private List<BufferBlock> changedBlocks() {
        List<BufferBlock> changed = List.of();
        for (Fixed held : memo) {
            assert isUnchanged(held) : "changed but not marked: page=" + held.block.id();
            if (held.dirty) {
                if (changed.isEmpty()) {
                    changed = new ArrayList<>(memo.size());
                }
                changed.add(held.block);
            }
        }
        return changed;
    }

    private void releaseAll() {
        for (int i = memo.size() - 1; i >= 0; i--) {
            releaseFixed(memo.get(i));
        }
        memo.clear();
    }

    private void releaseFixed(Fixed held) {
        if (!held.enlisted) {
            latchOrder.releasedPage(held.ordered);
            pool.release(held.block, held.latch);
        }
    }

    private @Nullable Fixed find(PageId id) {
        for (Fixed held : memo) {
            if (held.block.id().equals(id)) {
                return held;
            }
        }
        return null;
    }

    private Fixed findBlock(BufferBlock block) {
        for (Fixed held : memo) {
            if (held.block == block) {
                return held;
            }
        }
        throw new IllegalStateException("The page is not in the memo: page=" + block.id());
    }

    private static void requireSufficient(Fixed held, Latch wanted) {
        if (wanted == Latch.NONE || held.latch == Latch.X || held.latch == wanted) {
            return;
        }
        throw new IllegalStateException(
                "A page is in the memo with a weaker latch: page="
                        + held.block.id()
                        + " held="
                        + held.latch
                        + " wanted="
                        + wanted);
    }
}
