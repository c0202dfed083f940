package org.selvage.engine.bufferpool;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.EngineConfig;
import org.selvage.engine.ValidationException;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.sync.LatchLevel;
import org.selvage.engine.sync.LatchOrder;
import org.selvage.engine.tablespace.FilSystem;

/**
 * A part of the buffer pool with mutexes, page hash, lists, watches and frames of its own
 * (buf_pool_t). Which pages live here, {@link BufferPool#instance} says.
 */
final class PoolInstance {
    final BufferPool owner;
    final FilSystem fil;
    final LatchOrder latchOrder;
    final ReentrantLock mutex;
    final ReentrantLock flushListMutex;

    /** Signalled when a write or a batch of writes has ended. */
    final Condition flushEnded;

    final Map<PageId, BufferBlock> pageHash;
    final ArrayDeque<BufferBlock> freeList;
    final LruList lru;
    final FlushList flushList = new FlushList();
    final BufferLru replacement;
    final BufferRead reading;
    final BufferFlush flushing;
    final PageWatches watches = new PageWatches(this);
    final SpaceSweep sweep;

    /** Tablespaces whose pages nobody may make dirty any more; flush list mutex. */
    private final Set<Integer> quietSpaces = new HashSet<>();

    private final ReadAhead readAhead;
    private final int poolPages;
    private final int pageSize;

    /** Counts evictions; tells how far down the LRU list a block has come. */
    long freedPageClock;

    int pendingReads;
    long pagesRead;
    long pagesCreated;
    long pagesWritten;
    long readAheadEvicted;
    long requestedReads;
    long pagesMadeYoung;
    long pagesNotMadeYoung;

    /** Nanoseconds since some moment. Only tests have another one. */
    LongSupplier clock = System::nanoTime;

    private long pagesReadAhead;
    private long firstAccesses;
    private long readRequests;

    /** An empty instance of that many frames. */
    PoolInstance(BufferPool owner, EngineConfig config, int poolPages) {
        this.owner = owner;
        this.fil = owner.fil;
        this.latchOrder = fil.latchOrder();
        this.mutex = latchOrder.mutex(LatchLevel.POOL);
        this.flushListMutex = latchOrder.mutex(LatchLevel.FLUSH_LIST);
        this.flushEnded = mutex.newCondition();
        this.poolPages = poolPages;
        this.pageSize = config.pageSize();
        this.pageHash = new HashMap<>(poolPages * 2);
        this.freeList = new ArrayDeque<>(poolPages);
        for (int i = 0; i < poolPages; i++) {
            freeList.add(new BufferBlock(this, pageSize));
        }
        this.lru = new LruList(poolPages, config.oldBlocksPercent());
        this.replacement = new BufferLru(this, config);
        this.reading = new BufferRead(this);
        this.flushing = new BufferFlush(this);
        this.readAhead = new ReadAhead(this, config, poolPages);
        this.sweep = new SpaceSweep(this, config.dropSearchSize());
    }

    /** Frames of this instance. */
    int poolPages() {
        return poolPages;
    }

    /** {@link BufferPool#get}. */
    BufferBlock get(PageId id, Latch latch) {
        while (true) {
            BufferBlock block = getIfInPool(id, latch, latch != Latch.NONE);
            if (block != null) {
                return block;
            }
            readAhead.beforeRead(id);
            reading.readPage(id);
        }
    }

    @Nullable BufferBlock getIfInPool(PageId id, Latch latch, boolean mayReadAhead) {
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
        BufferPool.acquireLatch(block, latch, beingRead);
        if (block.state == BlockState.READ_FAILED) {
            BufferPool.releaseLatch(block, latch);
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
        if (lru.mayHaveOld()) {
            block.accessedNanos = clock.getAsLong();
        }
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

    @Nullable BufferBlock initForCreate(PageId id) {
        BufferBlock block = replacement.getFreeBlock();
        mutex.lock();
        try {
            if (pageHash.containsKey(id)) {
                freeList.addFirst(block);
                return null;
            }
            enterPool(block, id, false);
            block.fixCount.incrementAndGet();
            setAccessed(block);
            pagesCreated++;
            return block;
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Makes a free block the block of a page, X-latched; the mutex is held.
     *
     * @param old whether it enters the LRU list at the midpoint, as pages do that are read
     */
    void enterPool(BufferBlock block, PageId id, boolean old) {
        boolean latched = block.latch.tryLockX();
        assert latched : "a free block is latched: " + block;
        assert block.fixCount.get() == 0 : "a free block is fixed: " + block;
        block.id = id;
        block.state = BlockState.FILE_PAGE;
        block.newestModification = 0;
        block.accessed = 0;
        pageHash.put(id, block);
        watches.pageCame(id);
        if (old) {
            lru.addOld(block);
        } else {
            lru.addFirst(block);
        }
        block.freedPageClock = freedPageClock;
    }

    /** Takes a block out of hash and LRU; the mutex is held and the block is clean. */
    void leavePool(BufferBlock block, BlockState next) {
        assert block.oldestModification == 0 : "a dirty page leaves the pool: " + block;
        pageHash.remove(block.id);
        lru.remove(block);
        block.state = next;
    }

    boolean contains(PageId id) {
        mutex.lock();
        try {
            return pageHash.containsKey(id);
        } finally {
            mutex.unlock();
        }
    }

    boolean containsOrWatches(PageId id) {
        mutex.lock();
        try {
            return pageHash.containsKey(id) || watches.contains(id);
        } finally {
            mutex.unlock();
        }
    }

    boolean isBitmapPage(PageId id) {
        return FspHeader.isBitmapPage(id.pageNo(), pageSize);
    }

    int pendingReads() {
        mutex.lock();
        try {
            return pendingReads;
        } finally {
            mutex.unlock();
        }
    }

    /** Start LSN of the oldest change that no file has yet; 0 when all pages are clean. */
    long oldestModification() {
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

    void setQuiet(int spaceId, boolean quiet) {
        flushListMutex.lock();
        try {
            if (quiet) {
                quietSpaces.add(spaceId);
            } else {
                quietSpaces.remove(spaceId);
            }
        } finally {
            flushListMutex.unlock();
        }
    }

    /**
     * Whoever could make a page dirty has ended before its tablespace became quiet. The flush list
     * mutex is held.
     *
     * @throws ValidationException when the page's tablespace is quiet
     */
    void requireNotQuiet(BufferBlock block) {
        if (!quietSpaces.isEmpty() && quietSpaces.contains(block.id.spaceId())) {
            throw new ValidationException(
                    "a page of a tablespace that is being deleted is changed after everybody had"
                            + " left it",
                    "page=" + block.id);
        }
    }

    /** The instance's figures at one moment. */
    BufferPoolStats stats() {
        mutex.lock();
        try {
            return new BufferPoolStats(
                    poolPages,
                    freeList.size(),
                    lru.length(),
                    lru.oldLength(),
                    dirtyPages(),
                    pendingReads,
                    flushing.pendingWrites(),
                    pagesRead,
                    pagesCreated,
                    pagesWritten,
                    freedPageClock,
                    readRequests,
                    pagesReadAhead,
                    readAheadEvicted,
                    requestedReads,
                    pagesMadeYoung,
                    pagesNotMadeYoung);
        } finally {
            mutex.unlock();
        }
    }
}
