package org.selvage.engine.bufferpool;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.CorruptPageException;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.EngineException;
import org.selvage.engine.doublewrite.DoublewriteBuffer;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.sync.LatchLevel;
import org.selvage.engine.sync.LatchOrder;
import org.selvage.engine.tablespace.FilSystem;
import org.selvage.engine.tablespace.TablespaceSweep;

/**
 * The buffer pool (buf_pool_t, buf0buf.cc): pages of all tablespaces in a fixed number of frames.
 *
 * <h2>Mutexes, latches, fixes</h2>
 *
 * <p>The pool mutex guards the page hash, the free list, the LRU list, the state and io-fix of the
 * blocks and the figures. The flush list mutex guards the flush list; it may be taken while the
 * pool mutex is held, never the other way round. Neither is held while waiting for a page latch or
 * for I/O. A thread that wants a page raises its fix count under the pool mutex and takes the latch
 * afterwards.
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
    final ReentrantLock mutex;
    final ReentrantLock flushListMutex;

    /** Signalled when a write or a batch of writes has ended. */
    final Condition flushEnded;

    final FilSystem fil;
    final LatchOrder latchOrder;
    final Map<PageId, BufferBlock> pageHash;
    final ArrayDeque<BufferBlock> freeList;
    final LruList lru = new LruList();
    final FlushList flushList = new FlushList();
    final BufferLru replacement;
    final BufferRead reading;
    final BufferFlush flushing;
    private final ReadAhead readAhead;
    private final PageWatches watches = new PageWatches(this);
    private final SpaceSweep sweep;
    private final int poolPages;
    private final int pageSize;
    MergeOnRead mergeOnRead = MergeOnRead.NONE;
    WriteAhead writeAhead = WriteAhead.NONE;
    @Nullable DoublewriteBuffer doublewrite;

    /** Counts evictions; tells how far down the LRU list a block has come. */
    long freedPageClock;

    int pendingReads;
    long pagesRead;
    long pagesCreated;
    long pagesWritten;
    long readAheadEvicted;
    private long pagesReadAhead;
    private long firstAccesses;
    private long readRequests;

    /** An empty pool. The I/O handler threads of {@code fil} need not run yet. */
    public BufferPool(EngineConfig config, FilSystem fil) {
        this.fil = fil;
        this.latchOrder = fil.latchOrder();
        this.mutex = latchOrder.mutex(LatchLevel.POOL);
        this.flushListMutex = latchOrder.mutex(LatchLevel.FLUSH_LIST);
        this.flushEnded = mutex.newCondition();
        this.poolPages = config.poolPages();
        this.pageSize = config.pageSize();
        this.pageHash = new HashMap<>(poolPages * 2);
        this.freeList = new ArrayDeque<>(poolPages);
        for (int i = 0; i < poolPages; i++) {
            freeList.add(new BufferBlock(pageSize));
        }
        this.replacement = new BufferLru(this);
        this.reading = new BufferRead(this);
        this.flushing = new BufferFlush(this);
        this.readAhead = new ReadAhead(this, config.readAheadThreshold(), poolPages);
        this.sweep = new SpaceSweep(this, config.dropSearchSize());
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

    /** The order in which the engine's latches are taken. */
    public LatchOrder latchOrder() {
        return latchOrder;
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
        while (true) {
            BufferBlock block = getIfInPool(id, latch, latch != Latch.NONE);
            if (block != null) {
                return block;
            }
            reading.readPage(id);
        }
    }

    /**
     * As {@link #get}, but null when the page is neither in the pool nor being read
     * (BUF_GET_IF_IN_POOL).
     */
    public @Nullable BufferBlock getIfInPool(PageId id, Latch latch) {
        return getIfInPool(id, latch, false);
    }

    private @Nullable BufferBlock getIfInPool(PageId id, Latch latch, boolean mayReadAhead) {
        BufferBlock block;
        boolean beingRead;
        boolean first;
        mutex.lock();
        try {
            readRequests++;
            block = pageHash.get(id);
            if (block == null) {
                return null;
            }
            block.fixCount.incrementAndGet();
            beingRead = block.ioFix == IoFix.READ;
            first = setAccessed(block);
            replacement.makeYoungIfNeeded(block);
        } finally {
            mutex.unlock();
        }
        acquireLatch(block, latch, beingRead);
        if (block.state == BlockState.READ_FAILED) {
            releaseLatch(block, latch);
            reading.unfixFailed(block);
            return null;
        }
        if (first && mayReadAhead) {
            readAhead.accessedFirst(block);
        }
        return block;
    }

    /** buf_page_set_accessed: false when it was before. The mutex is held. */
    private boolean setAccessed(BufferBlock block) {
        if (block.accessed != 0) {
            return false;
        }
        firstAccesses++;
        block.accessed = firstAccesses;
        return true;
    }

    void countReadAhead(int pages) {
        mutex.lock();
        try {
            pagesReadAhead += pages;
        } finally {
            mutex.unlock();
        }
    }

    private static void acquireLatch(BufferBlock block, Latch latch, boolean beingRead) {
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

    private static void releaseLatch(BufferBlock block, Latch latch) {
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
                block = initForCreate(id);
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

    private @Nullable BufferBlock initForCreate(PageId id) {
        BufferBlock block = replacement.getFreeBlock();
        mutex.lock();
        try {
            if (pageHash.containsKey(id)) {
                freeList.addFirst(block);
                return null;
            }
            enterPool(block, id);
            block.fixCount.incrementAndGet();
            setAccessed(block);
            pagesCreated++;
            return block;
        } finally {
            mutex.unlock();
        }
    }

    /** Makes a free block the block of a page, X-latched; the mutex is held. */
    void enterPool(BufferBlock block, PageId id) {
        boolean latched = block.latch.tryLockX();
        assert latched : "a free block is latched: " + block;
        assert block.fixCount.get() == 0 : "a free block is fixed: " + block;
        block.id = id;
        block.state = BlockState.FILE_PAGE;
        block.newestModification = 0;
        block.accessed = 0;
        pageHash.put(id, block);
        watches.pageCame(id);
        lru.addFirst(block);
        block.freedPageClock = freedPageClock;
    }

    /** Takes a block out of hash and LRU; the mutex is held and the block is clean. */
    void leavePool(BufferBlock block, BlockState next) {
        assert block.oldestModification == 0 : "a dirty page leaves the pool: " + block;
        pageHash.remove(block.id);
        lru.remove(block);
        block.state = next;
    }

    /** Whether the page is in the pool or being read (buf_page_peek). */
    public boolean contains(PageId id) {
        mutex.lock();
        try {
            return pageHash.containsKey(id);
        } finally {
            mutex.unlock();
        }
    }

    /** Whether the page is in the pool or being read, or is watched (page_hash_get). */
    public boolean containsOrWatches(PageId id) {
        mutex.lock();
        try {
            return pageHash.containsKey(id) || watches.contains(id);
        } finally {
            mutex.unlock();
        }
    }

    /** Who waits for which page to come. */
    public PageWatches watches() {
        return watches;
    }

    /**
     * Brings a page in so that its buffered changes are merged (buf_read_page_low as called by
     * buf_read_ibuf_merge_pages). Bitmap pages are always read synchronously.
     *
     * @param ignoreMissing a missing tablespace is answered without a line in the error log
     */
    public ReadResult readMergePage(PageId id, boolean sync, boolean ignoreMissing) {
        return reading.readMergePage(id, sync, ignoreMissing);
    }

    /** Starts reading a page of the change buffer's own tree, on the handler thread kept for it. */
    public ReadResult readIbufPage(PageId id) {
        return reading.readIbufPage(id);
    }

    boolean isBitmapPage(PageId id) {
        return FspHeader.isBitmapPage(id.pageNo(), pageSize);
    }

    /** Reads that were begun and are not completed (n_pend_reads). */
    public int pendingReads() {
        mutex.lock();
        try {
            return pendingReads;
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Marks pages as changed (buf_flush_note_modification). Called in the order of the LSNs, by the
     * thread that has the pages X-latched.
     *
     * @param startLsn LSN before the change; at least 1
     */
    public void noteModification(List<BufferBlock> blocks, long startLsn, long endLsn) {
        flushing.noteModification(blocks, startLsn, endLsn);
    }

    /**
     * Writes dirty pages, the oldest modification first, and waits until they are written
     * (buf_flush_list). The files are not synchronised.
     *
     * @param maxPages how many at most
     * @return how many were written
     * @throws EngineException when a write failed; the page is still dirty
     */
    public int flush(int maxPages) {
        return flushing.flushList(maxPages);
    }

    /** Writes every page whose oldest change is not after an LSN, and waits for it. */
    public void flushUpTo(long lsn) {
        flushing.flushUpTo(lsn);
    }

    /**
     * Writes all dirty pages and makes the files durable. New changes during the call may stay
     * behind.
     */
    public void flushAll() {
        flushing.flushAll();
        fil.flushFileSpaces();
    }

    @Override
    public void removeDirtyPages(int spaceId) {
        sweep.removeDirtyPages(spaceId);
    }

    @Override
    public void removeAllPages(int spaceId) {
        sweep.removeAllPages(spaceId);
    }

    /**
     * Evicts every clean page that nobody uses, as innodb_buffer_pool_evict does; returns how many.
     */
    public int evictUnused() {
        return replacement.evictUnused();
    }

    /** Start LSN of the oldest change that no file has yet; 0 when all pages are clean. */
    public long oldestModification() {
        flushListMutex.lock();
        try {
            BufferBlock oldest = flushList.last();
            return oldest == null ? 0 : oldest.oldestModification;
        } finally {
            flushListMutex.unlock();
        }
    }

    int dirtyPages() {
        flushListMutex.lock();
        try {
            return flushList.length();
        } finally {
            flushListMutex.unlock();
        }
    }

    /** The pool's figures at one moment. */
    public BufferPoolStats stats() {
        mutex.lock();
        try {
            return new BufferPoolStats(
                    poolPages,
                    freeList.size(),
                    lru.length(),
                    dirtyPages(),
                    pendingReads,
                    flushing.pendingWrites(),
                    pagesRead,
                    pagesCreated,
                    pagesWritten,
                    freedPageClock,
                    readRequests,
                    pagesReadAhead,
                    readAheadEvicted);
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Checks lists, hash and fixes against each other (buf_pool_validate). Exact when no other
     * thread uses the pool.
     *
     * @throws EngineException with the evidence when they disagree
     */
    public void validate() {
        new PoolValidation(this).validate();
    }
}
