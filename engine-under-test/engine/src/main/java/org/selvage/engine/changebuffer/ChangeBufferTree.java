package org.selvage.engine.changebuffer;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.index.BTree;
import org.selvage.engine.index.IndexPage;
import org.selvage.engine.index.LeafBuffering.Operation;
import org.selvage.engine.index.PageStore;
import org.selvage.engine.index.SeededRandom;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.IndexHeader;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.redo.MiniTransaction;
import org.selvage.engine.sync.LatchLevel;

/**
 * The change buffer's tree in the system tablespace, its size and its counters (InnoDB's ibuf_t).
 *
 * <p>The size is kept in the header page, which is latched after the tree's pages; {@link #size} is
 * its copy in memory. The copy is written under the tree latch X and read without any latch, as
 * InnoDB does: who decides by it must live with a value that is a moment old.
 */
public final class ChangeBufferTree {
    /** Identity stamped on the tree's pages (DICT_IBUF_ID_MIN). */
    public static final long INDEX_ID = IndexHeader.IBUF_INDEX_ID;

    /** In the header page: pages of the tree, 4 bytes. */
    public static final int HEADER_SIZE = PageHeader.DATA;

    private static final int SYSTEM_SPACE = 0;
    private static final PageId HEADER = new PageId(SYSTEM_SPACE, FspHeader.IBUF_HEADER_PAGE_NO);

    /** Guards the counters and the random draws (ibuf_mutex). */
    private final ReentrantLock mutex;

    private final PageStore store;
    private final BTree tree;
    private final int maxSize;
    private final SeededRandom random;
    private final long[] buffered = new long[Operation.values().length];
    private final long[] merged = new long[Operation.values().length];
    private final long[] discarded = new long[Operation.values().length];
    private long merges;
    private volatile int size;

    /** Whether an error of the disk stopped a merge between two of its mini-transactions. */
    private volatile boolean mergeFailed;

    private ChangeBufferTree(ChangeBufferPages store, int maxSize, long seed) {
        this.store = store;
        this.mutex = store.latchOrder().mutex(LatchLevel.IBUF_COUNTERS);
        this.maxSize = maxSize;
        this.random = new SeededRandom(seed);
        this.tree = new BTree(store, SYSTEM_SPACE, FspHeader.IBUF_ROOT_PAGE_NO, INDEX_ID, null);
    }

    /** Makes the header page and the empty tree of a new data folder. */
    public static void create(MiniTransaction mtr, ChangeBufferPages store) {
        BufferBlock header = mtr.newPage(HEADER, PageType.IBUF_HEADER);
        header.frame().putInt(HEADER_SIZE, 1);
        PageId rootId = new PageId(SYSTEM_SPACE, FspHeader.IBUF_ROOT_PAGE_NO);
        BufferBlock root = mtr.newPage(rootId, PageType.INDEX);
        BTree.createRoot(mtr, root, INDEX_ID);
        store.markPage(mtr, rootId, true);
    }

    /**
     * Opens the tree of a data folder (ibuf_init_at_db_start).
     *
     * @param maxSize pages the tree should not outgrow; 0 turns buffering off
     * @param seed seed of the draws that choose what to merge
     */
    public static ChangeBufferTree open(ChangeBufferPages store, int maxSize, long seed) {
        ChangeBufferTree opened = new ChangeBufferTree(store, maxSize, seed);
        try (MiniTransaction mtr = store.begin()) {
            opened.size = mtr.page(HEADER, Latch.S).frame().getInt(HEADER_SIZE);
        }
        return opened;
    }

    /** The tree itself. */
    public BTree tree() {
        return tree;
    }

    /** Pages of the tree, as it was a moment ago. */
    public int size() {
        return size;
    }

    /** Pages the tree should not outgrow. */
    public int maxSize() {
        return maxSize;
    }

    /** Writes a new size; the caller holds the tree latch X. */
    void changeSize(MiniTransaction mtr, int change) {
        if (change == 0) {
            return;
        }
        BufferBlock header = mtr.page(HEADER, Latch.X);
        mtr.setDirty(header);
        int changed = header.frame().getInt(HEADER_SIZE) + change;
        header.frame().putInt(HEADER_SIZE, changed);
        size = changed;
    }

    /** A merge stopped in the middle; the next one of its page goes on there. */
    void mergeFailed() {
        mergeFailed = true;
    }

    /** Whether {@link #mergeFailed} was called since the engine was opened. */
    boolean hasFailedMerge() {
        return mergeFailed;
    }

    /** A number from 0 up to but excluding {@code bound}. */
    int draw(int bound) {
        mutex.lock();
        try {
            return random.below(bound);
        } finally {
            mutex.unlock();
        }
    }

    /** A generator for one descent to a random leaf. */
    SeededRandom drawSequence() {
        mutex.lock();
        try {
            return new SeededRandom(random.next());
        } finally {
            mutex.unlock();
        }
    }

    /** Counts a change that was taken. */
    void countBuffered(Operation operation) {
        mutex.lock();
        try {
            buffered[operation.code()]++;
        } finally {
            mutex.unlock();
        }
    }

    /** Counts what a merge applied and what it threw away, by the operations' codes. */
    void countMerge(long[] applied, long[] thrownAway) {
        mutex.lock();
        try {
            boolean any = false;
            for (int i = 0; i < merged.length; i++) {
                merged[i] += applied[i];
                discarded[i] += thrownAway[i];
                any |= applied[i] > 0;
            }
            if (any) {
                merges++;
            }
        } finally {
            mutex.unlock();
        }
    }

    /** The figures now. */
    public ChangeBufferStats stats() {
        mutex.lock();
        try {
            int insert = Operation.INSERT.code();
            int deleteMark = Operation.DELETE_MARK.code();
            int delete = Operation.DELETE.code();
            return new ChangeBufferStats(
                    size,
                    maxSize,
                    buffered[insert],
                    buffered[deleteMark],
                    buffered[delete],
                    merges,
                    merged[insert],
                    merged[deleteMark],
                    merged[delete],
                    discarded[insert],
                    discarded[deleteMark],
                    discarded[delete]);
        } finally {
            mutex.unlock();
        }
    }

    /** Number of records in the tree, those not counted that are applied and await removal. */
    public int countRecords() {
        int[] count = new int[1];
        tree.scan(
                BTree.NO_VALUE,
                (ByteBuffer frame, int position) -> {
                    if (!IndexPage.isDeleteMarked(frame, position)) {
                        count[0]++;
                    }
                    return true;
                });
        return count[0];
    }

    /** The pages' source. */
    PageStore store() {
        return store;
    }
}
