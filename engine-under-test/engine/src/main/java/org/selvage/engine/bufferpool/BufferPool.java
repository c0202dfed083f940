package org.selvage.engine.bufferpool;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.CorruptPageException;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.EngineException;
import org.selvage.engine.doublewrite.DoublewriteBuffer;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.sync.LatchLevel;
import org.selvage.engine.sync.LatchOrder;
import org.selvage.engine.tablespace.FilSystem;
import org.selvage.engine.tablespace.TablespaceSweep;

/**
 * The buffer pool (buf0buf.cc): pages of all tablespaces in a fixed number of frames.
 *
 * <h2>Instances</h2>
 *
 * <p>The pool may be divided into several instances ({@code innodb_buffer_pool_instances}), so that
 * threads that want different pages meet at different mutexes. A page always belongs to the same
 * instance; the pages of a read-ahead area belong together (buf_pool_get). What concerns all pages,
 * as a sweep, a batch or the oldest change, goes over the instances one after the other.
 *
 * <h2>Mutexes, latches, fixes</h2>
 *
 * <p>An instance's pool mutex guards its page hash, the free list, the LRU list, the state and
 * io-fix of the blocks and the figures. The flush list mutex guards the flush list; it may be taken
 * while the pool mutex is held, never the other way round. Neither is held while waiting for a page
 * latch or for I/O. A thread that wants a page raises its fix count under the pool mutex and takes
 * the latch afterwards.
 *
 * <h2>The life of a read</h2>
 *
 * <p>A block enters the hash before its page is read: io-fixed READ and X-latched on behalf of no
 * thread, so others find it and wait at the latch. The completion verifies the page, lets the
 * change buffer merge into it, takes the io-fix off and unlatches. When the request is refused or
 * the page is corrupt, all of it is undone ({@link BufferRead#handleReadError}); a thread that
 * waited at the latch sees that the block no longer holds a page and starts over.
 */
public final class BufferPool implements TablespaceSweep {
    /** Pages with the same number but for so many low bits are in the same instance. */
    private static final int SAME_INSTANCE_BITS = 6;

    private static final int SPACE_SHIFT = 20;
    private static final int PENDING_READS_SHARE = 2;

    final FilSystem fil;
    private final int poolPages;
    private final int pageSize;
    private final PoolInstance first;
    private final PoolInstance[] instances;

    /**
     * Held over a batch of an LRU list; its holder waits for I/O but for no latch. Fair, so that a
     * client gets what a batch of the LRU manager cleaned before the next batch begins.
     */
    final ReentrantLock lruBatchLock;

    /**
     * Held over a batch of a flush list where there are several, since they share the doublewrite
     * file; its holder waits for page latches.
     */
    private final ReentrantLock flushBatchLock;

    MergeOnRead mergeOnRead = MergeOnRead.NONE;
    WriteAhead writeAhead = WriteAhead.NONE;
    @Nullable DoublewriteBuffer doublewrite;

    /** Called when clients have evicted many pages; null when nobody writes ahead of them. */
    @Nullable Runnable wakeLruManager;

    /** An empty pool. The I/O handler threads of {@code fil} need not run yet. */
    public BufferPool(EngineConfig config, FilSystem fil) {
        this.fil = fil;
        this.poolPages = config.poolPages();
        this.pageSize = config.pageSize();
        this.lruBatchLock = fil.latchOrder().fairMutex(LatchLevel.LRU_BATCH);
        this.flushBatchLock = fil.latchOrder().mutex(LatchLevel.FLUSH_BATCH);
        int count = config.poolInstances();
        this.instances = new PoolInstance[count];
        for (int i = 0; i < count; i++) {
            int frames = poolPages / count + (i < poolPages % count ? 1 : 0);
            instances[i] = new PoolInstance(this, config, frames);
        }
        this.first = instances[0];
    }

    /** The instance that a page belongs to (buf_pool_get). */
    PoolInstance instance(PageId id) {
        if (instances.length == 1) {
            return first;
        }
        int area = id.pageNo() >>> SAME_INSTANCE_BITS;
        int fold = (id.spaceId() << SPACE_SHIFT) + id.spaceId() + area;
        return instances[Integer.remainderUnsigned(fold, instances.length)];
    }

    /** Instances of the pool. */
    public int instanceCount() {
        return instances.length;
    }

    /**
     * Keeps other batches over flush lists away. A single instance needs no lock for it: it lets
     * one batch run at a time by itself.
     */
    void beginFlushBatch() {
        if (instances.length > 1) {
            flushBatchLock.lock();
        }
    }

    void endFlushBatch() {
        if (instances.length > 1) {
            flushBatchLock.unlock();
        }
    }

    /** Installs the change buffer. To be called before the first page of type INDEX is read. */
    public void setMergeOnRead(MergeOnRead merge) {
        mergeOnRead = merge;
    }

    /** Installs what pages are written after. To be called before the first page is changed. */
    public void setDurability(WriteAhead log, @Nullable DoublewriteBuffer twice) {
        writeAhead = log;
        doublewrite = twice;
    }

    /** Installs what is called when clients have evicted many pages. Before there are clients. */
    public void setWakeLruManager(Runnable wake) {
        wakeLruManager = wake;
    }

    /** The order in which the engine's latches are taken. */
    public LatchOrder latchOrder() {
        return fil.latchOrder();
    }

    /** Frames in the pool. */
    public int poolPages() {
        return poolPages;
    }

    /** Bytes in a page. */
    public int pageSize() {
        return pageSize;
    }

    /**
     * Fixes and latches a page; reads it when it is not in the pool (buf_page_get_gen).
     *
     * @throws org.selvage.engine.TablespaceMissingException when its tablespace or file is missing
     * @throws org.selvage.engine.CorruptPageException when it is not what was written
     * @throws org.selvage.engine.PageOutOfBoundsException when it is outside the tablespace
     * @throws org.selvage.engine.BufferPoolExhaustedException when no frame becomes free
     */
    public BufferBlock get(PageId id, Latch latch) {
        return instance(id).get(id, latch);
    }

    /**
     * As {@link #get}, but null when the page is neither in the pool nor being read
     * (BUF_GET_IF_IN_POOL).
     */
    public @Nullable BufferBlock getIfInPool(PageId id, Latch latch) {
        return instance(id).getIfInPool(id, latch, false);
    }

    static void acquireLatch(BufferBlock block, Latch latch, boolean beingRead) {
        switch (latch) {
            case S -> block.latch.lockS();
            case X -> block.latch.lockX();
            case NONE -> {
                if (beingRead) {
                    block.latch.lockS();
                    block.latch.unlockS();
                }
            }
        }
    }

    static void releaseLatch(BufferBlock block, Latch latch) {
        switch (latch) {
            case S -> block.latch.unlockS();
            case X -> block.latch.unlockX();
            case NONE -> {}
        }
    }

    /** What is wrong with a page that the caller has latched. */
    public CorruptPageException corrupt(
            BufferBlock block, String check, long expected, long actual) {
        PageId id = block.id();
        return new CorruptPageException(
                fil.fileName(id.spaceId()),
                id,
                check,
                expected,
                actual,
                PageHeader.lsn(block.frame()));
    }

    /** Gives back what {@link #get} took; the latch must be the same. */
    public void release(BufferBlock block, Latch latch) {
        releaseLatch(block, latch);
        int fixes = block.fixCount.decrementAndGet();
        assert fixes >= 0 : "released but not fixed: " + block;
    }

    /**
     * Puts a new page into the pool without reading it, fixed and X-latched, its content zeroed
     * (buf_page_create).
     */
    public BufferBlock create(PageId id, PageType type) {
        BufferBlock block = enterNew(id);
        initialise(block, type);
        return block;
    }

    /** As {@link #create}, for a page that was never used, so that nothing is buffered for it. */
    public BufferBlock createUnused(PageId id, PageType type) {
        BufferBlock block = enterNew(id);
        clear(block, type);
        return block;
    }

    private BufferBlock enterNew(PageId id) {
        BufferBlock block = null;
        while (block == null) {
            block = getIfInPool(id, Latch.X);
            if (block == null) {
                block = instance(id).initForCreate(id);
            }
        }
        return block;
    }

    /**
     * Makes an X-latched page a new one: buffered changes of its predecessor are forgotten, its
     * content is zeroed and its header written. The system tablespace has no buffered changes, and
     * asking there could wait for a latch of the change buffer that the caller's caller holds.
     */
    public void initialise(BufferBlock block, PageType type) {
        PageId id = block.id();
        if (id.spaceId() != 0) {
            mergeOnRead.discard(id);
        }
        clear(block, type);
    }

    private static void clear(BufferBlock block, PageType type) {
        Arrays.fill(block.frame().array(), (byte) 0);
        PageHeader.initialise(block.frame(), block.id(), type);
    }

    /** Whether the page is in the pool or being read (buf_page_peek). */
    public boolean contains(PageId id) {
        return instance(id).contains(id);
    }

    /** Whether the page is in the pool or being read, or is watched (page_hash_get). */
    public boolean containsOrWatches(PageId id) {
        return instance(id).containsOrWatches(id);
    }

    /**
     * Begins to watch for a page (buf_pool_watch_set).
     *
     * @return false, with nothing to unset, when the page is in the pool or being read
     */
    public boolean watch(PageId id) {
        return instance(id).watches.set(id);
    }

    /** Whether a watched page was in the pool at any moment since the oldest watch was set. */
    public boolean watchOccurred(PageId id) {
        return instance(id).watches.occurred(id);
    }

    /** Ends a watch (buf_pool_watch_unset). */
    public void unwatch(PageId id) {
        instance(id).watches.unset(id);
    }

    /**
     * Brings a page in so that its buffered changes are merged (buf_read_page_low as called by
     * buf_read_ibuf_merge_pages). Bitmap pages are always read synchronously.
     *
     * @param ignoreMissing a missing tablespace is answered without a line in the error log
     */
    public ReadResult readMergePage(PageId id, boolean sync, boolean ignoreMissing) {
        return instance(id).reading.readMergePage(id, sync, ignoreMissing);
    }

    /** Starts reading a page of the change buffer's own tree, on the handler thread kept for it. */
    public ReadResult readIbufPage(PageId id) {
        return instance(id).reading.readIbufPage(id);
    }

    /** Reads that were begun and are not completed (n_pend_reads). */
    public int pendingReads() {
        int count = 0;
        for (PoolInstance instance : instances) {
            count += instance.pendingReads();
        }
        return count;
    }

    /**
     * Whether reads are under way for more than half of the frames that a page competes for
     * (BUF_READ_AHEAD_PEND_LIMIT). It is the page's own instance that counts (Bug#59877).
     */
    public boolean isReadingMuch(PageId id) {
        PoolInstance instance = instance(id);
        return instance.pendingReads() > instance.poolPages() / PENDING_READS_SHARE;
    }

    /**
     * Marks pages as changed (buf_flush_note_modification). Called in the order of the LSNs, by the
     * thread that has the pages X-latched.
     *
     * @param startLsn LSN before the change; at least 1
     */
    public void noteModification(List<BufferBlock> blocks, long startLsn, long endLsn) {
        if (instances.length == 1) {
            first.flushing.noteModification(blocks, startLsn, endLsn);
            return;
        }
        for (BufferBlock block : blocks) {
            block.instance.flushing.noteModification(List.of(block), startLsn, endLsn);
        }
    }

    /**
     * Writes dirty pages, the oldest modification first, and waits until they are written
     * (buf_flush_list). Each instance writes its share. The files are not synchronised.
     *
     * @param maxPages how many at most
     * @return how many were written
     * @throws EngineException when a write failed; the page is still dirty
     */
    public int flush(int maxPages) {
        int share = (int) (((long) maxPages + instances.length - 1) / instances.length);
        int written = 0;
        for (PoolInstance instance : instances) {
            written += instance.flushing.flushList(share);
        }
        return written;
    }

    /**
     * Writes the dirty pages near the end of the LRU list that nobody uses, and waits until they
     * are written (buf_flush_LRU_lists). Waits for no latch.
     *
     * @return how many were written
     * @throws EngineException when a write failed; the page is still dirty
     */
    public int flushLru() {
        int written = 0;
        for (PoolInstance instance : instances) {
            written += instance.flushing.flushLru();
        }
        return written;
    }

    /** Writes every page whose oldest change is not after an LSN, and waits for it. */
    public void flushUpTo(long lsn) {
        for (PoolInstance instance : instances) {
            instance.flushing.flushUpTo(lsn);
        }
    }

    /**
     * Writes all dirty pages and makes the files durable. New changes during the call may stay
     * behind.
     */
    public void flushAll() {
        for (PoolInstance instance : instances) {
            instance.flushing.flushAll();
        }
        fil.flushFileSpaces();
    }

    @Override
    public void removeDirtyPages(int spaceId) {
        for (PoolInstance instance : instances) {
            instance.sweep.removeDirtyPages(spaceId);
        }
    }

    @Override
    public void removeAllPages(int spaceId) {
        for (PoolInstance instance : instances) {
            instance.sweep.removeAllPages(spaceId);
        }
    }

    @Override
    public void writeDirtyPages(int spaceId) {
        for (PoolInstance instance : instances) {
            instance.flushing.flushSpace(spaceId);
        }
        fil.flush(spaceId);
    }

    /**
     * Evicts every clean page that nobody uses, as innodb_buffer_pool_evict does; returns how many.
     */
    public int evictUnused() {
        int count = 0;
        for (PoolInstance instance : instances) {
            count += instance.replacement.evictUnused();
        }
        return count;
    }

    /**
     * Start LSN of the oldest change that no file has yet; 0 when all pages are clean
     * (buf_pool_get_oldest_modification). Exact for who keeps new changes away, as the log mutex
     * does.
     */
    public long oldestModification() {
        long oldest = 0;
        for (PoolInstance instance : instances) {
            long here = instance.oldestModification();
            if (here != 0 && (oldest == 0 || here < oldest)) {
                oldest = here;
            }
        }
        return oldest;
    }

    /** The pool's figures, each instance's at one moment. */
    public BufferPoolStats stats() {
        BufferPoolStats all = first.stats();
        for (int i = 1; i < instances.length; i++) {
            all = all.plus(instances[i].stats());
        }
        return all;
    }

    /**
     * Checks lists, hash and fixes against each other (buf_pool_validate). Exact when no other
     * thread uses the pool.
     *
     * @throws org.selvage.engine.ValidationException with the evidence when they disagree
     */
    public void validate() {
        for (PoolInstance instance : instances) {
            new PoolValidation(instance, false).validate();
        }
    }

    /**
     * As {@link #validate} where no thread uses a page, while pages may be written: each frame is
     * in the free list or the LRU list, and no page is fixed, latched or being read.
     *
     * @throws org.selvage.engine.ValidationException with the evidence when it is not so
     */
    public void validateAtRest() {
        for (PoolInstance instance : instances) {
            new PoolValidation(instance, true).validate();
        }
    }

    @Override
    public void becomeQuiet(int spaceId) {
        for (PoolInstance instance : instances) {
            instance.setQuiet(spaceId, true);
        }
    }

    @Override
    public void gone(int spaceId) {
        for (PoolInstance instance : instances) {
            instance.setQuiet(spaceId, false);
        }
    }
}
