package org.selvage.engine.bufferpool;

import org.jspecify.annotations.Nullable;
import org.selvage.engine.CorruptPageException;
import org.selvage.engine.EngineException;
import org.selvage.engine.aio.IoType;
import org.selvage.engine.event.PageReadEvent;
import org.selvage.engine.page.PageChecksum;
import org.selvage.engine.page.PageContent;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.sync.LatchLevel;
import org.selvage.engine.sync.LatchMode;
import org.selvage.engine.tablespace.IoRequest;
import org.selvage.engine.tablespace.IoResult;

/** Bringing pages in (buf0rea.cc, and the read half of buf_page_io_complete). */
final class BufferRead {
    private final PoolInstance pool;

    BufferRead(PoolInstance pool) {
        this.pool = pool;
    }

    /** Reads a page for a thread that wants it (buf_read_page). */
    void readPage(PageId id) {
        ReadResult result = readPageLow(id, IoRequest.READ_SYNC, true);
        switch (result) {
            case READ, ALREADY_IN_POOL -> {}
            case TABLESPACE_DELETED, TABLESPACE_TRUNCATED, PAGE_MISSING ->
                    throw pool.fil.missing(id.spaceId());
        }
    }

    ReadResult readMergePage(PageId id, boolean sync, boolean ignoreMissing) {
        boolean waits = sync || pool.isBitmapPage(id);
        IoRequest request;
        if (ignoreMissing) {
            request =
                    waits
                            ? IoRequest.READ_SYNC_IGNORE_MISSING
                            : IoRequest.READ_ASYNC_IGNORE_MISSING;
        } else {
            request = waits ? IoRequest.READ_SYNC : IoRequest.READ_ASYNC;
        }
        return readPageLow(id, request, false);
    }

    /** Begins to read a page that nobody asked for yet; a tablespace that is going is no error. */
    ReadResult readAhead(PageId id) {
        return readPageLow(id, IoRequest.READ_ASYNC_IGNORE_MISSING, false);
    }

    ReadResult readIbufPage(PageId id) {
        IoRequest request = pool.isBitmapPage(id) ? IoRequest.READ_SYNC : IoRequest.READ_IBUF;
        return readPageLow(id, request, false);
    }

    /**
     * Enters a block for the page and asks for the I/O (buf_read_page_low). Whatever keeps the I/O
     * from being done or queued, the block is undone.
     *
     * @param requested a thread wants this very page, for Innodb_buffer_pool_reads
     */
    private ReadResult readPageLow(PageId id, IoRequest request, boolean requested) {
        BufferBlock block = initForRead(id, requested);
        if (block == null) {
            return ReadResult.ALREADY_IN_POOL;
        }
        PageReadEvent event = PageReadEvent.started();
        IoResult result = IoResult.ERROR;
        try {
            result =
                    pool.fil.io(
                            request,
                            id,
                            block.ioView.clear(),
                            (type, failure) -> {
                                if (failure == null) {
                                    event.ended(id, true);
                                }
                                completeRead(block, type, failure);
                            });
        } finally {
            if (result != IoResult.SUCCESS) {
                handleReadError(block);
            }
        }
        if (result == IoResult.SUCCESS && request.sync()) {
            event.ended(id, false);
            completeRead(block, IoType.READ, null);
        }
        return switch (result) {
            case SUCCESS -> ReadResult.READ;
            case TABLESPACE_DELETED -> ReadResult.TABLESPACE_DELETED;
            case TABLESPACE_TRUNCATED -> ReadResult.TABLESPACE_TRUNCATED;
            case ERROR -> ReadResult.PAGE_MISSING;
        };
    }

    /**
     * Puts a block for the page into the pool: in the hash, io-fixed READ, X-latched
     * (buf_page_init_for_read).
     *
     * @return null when the page is there already
     */
    private @Nullable BufferBlock initForRead(PageId id, boolean requested) {
        BufferBlock block = pool.replacement.getFreeBlock();
        pool.mutex.lock();
        try {
            if (pool.pageHash.containsKey(id)) {
                pool.freeList.addFirst(block);
                return null;
            }
            pool.enterPool(block, id, true);
            block.ioFix = IoFix.READ;
            pool.pendingReads++;
            pool.requestedReads += requested ? 1 : 0;
            return block;
        } finally {
            pool.mutex.unlock();
        }
    }

    /**
     * Ends a read (buf_page_io_complete). Runs on the I/O handler thread, or on the reading thread
     * when the read was synchronous.
     *
     * @throws EngineException when the file operation failed or the page is corrupt; the block is
     *     undone
     */
    private void completeRead(BufferBlock block, IoType type, @Nullable EngineException failure) {
        assert type == IoType.READ && block.ioFix == IoFix.READ : "not being read: " + block;
        boolean usable = false;
        try {
            if (failure != null) {
                throw failure;
            }
            verify(block);
            if (block.isType(PageType.INDEX)) {
                mergeBuffered(block);
            }
            usable = true;
        } finally {
            if (usable || block.newestModification != 0) {
                finishRead(block);
            } else {
                handleReadError(block);
            }
        }
    }

    private void verify(BufferBlock block) {
        try {
            PageChecksum.verify(block.frame(), "", block.id);
            PageContent.verify(block.frame(), "", block.id);
            requireLogged(block);
        } catch (CorruptPageException e) {
            throw e.inFile(pool.fil.fileName(block.id.spaceId()));
        }
    }

    /**
     * A page newer than the log means that the end of the log is lost, or that the page is another
     * folder's: changes of the same transactions to other pages would be missing.
     */
    private void requireLogged(BufferBlock block) {
        long lsn = PageHeader.lsn(block.frame());
        long durable = pool.owner.writeAhead.durableLsn();
        if (lsn > durable) {
            throw new CorruptPageException("", block.id, "LSN after the log", durable, lsn, lsn);
        }
    }

    /** The page is X-latched on behalf of nobody; what the merge asks for comes after it. */
    private void mergeBuffered(BufferBlock block) {
        pool.latchOrder.acquired(LatchLevel.TREE_PAGE, block, LatchMode.X);
        try {
            pool.owner.mergeOnRead.merge(block);
        } finally {
            pool.latchOrder.released(block);
        }
    }

    /** Takes the io-fix off and lets others have the page. */
    private void finishRead(BufferBlock block) {
        pool.mutex.lock();
        try {
            block.ioFix = IoFix.NONE;
            pool.pendingReads--;
            pool.pagesRead++;
            // Inside the mutex: a block without fix and io-fix may be evicted, and then must be
            // free.
            block.latch.unlockX();
        } finally {
            pool.mutex.unlock();
        }
    }

    /**
     * Undoes all that initForRead did: hash, LRU list, io-fix, pending reads, latch
     * (buf_read_page_handle_error). Threads that found the block meanwhile are let in to see that
     * it failed; the last of them frees it.
     */
    void handleReadError(BufferBlock block) {
        pool.mutex.lock();
        try {
            pool.leavePool(block, BlockState.READ_FAILED);
            block.ioFix = IoFix.NONE;
            pool.pendingReads--;
            block.latch.unlockX();
            freeIfUnfixed(block);
        } finally {
            pool.mutex.unlock();
        }
    }

    /** Gives back a block whose read failed while the caller waited for it. */
    void unfixFailed(BufferBlock block) {
        pool.mutex.lock();
        try {
            block.fixCount.decrementAndGet();
            freeIfUnfixed(block);
        } finally {
            pool.mutex.unlock();
        }
    }

    private void freeIfUnfixed(BufferBlock block) {
        if (block.state == BlockState.READ_FAILED && block.fixCount.get() == 0) {
            block.id = BufferBlock.NO_PAGE;
            block.state = BlockState.NOT_USED;
            pool.freeList.addFirst(block);
        }
    }
}
