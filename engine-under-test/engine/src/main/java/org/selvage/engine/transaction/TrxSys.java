package org.selvage.engine.transaction;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.index.PageStore;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.redo.MiniTransaction;
import org.selvage.engine.sync.LatchLevel;

/**
 * The transaction system (trx_sys_t, trx0rseg.cc): transaction ids, and the slots of the undo logs.
 * Its page is {@link FspHeader#TRX_SYS_PAGE_NO} of the system tablespace.
 */
final class TrxSys {
    static final PageId PAGE = new PageId(0, FspHeader.TRX_SYS_PAGE_NO);

    /** Transaction ids below this one may have been given out, 8 bytes. */
    private static final int ID_BOUND = PageHeader.DATA;

    /** First page of each slot's undo log, or NULL_PAGE, 4 bytes each. */
    private static final int SLOTS = ID_BOUND + 8;

    private static final int MOST_SLOTS = 128;
    private static final int ID_STEP = 256;

    private final ReentrantLock mutex;
    private final PageStore store;
    private final ArrayDeque<UndoLog> free = new ArrayDeque<>();
    private final ArrayDeque<UndoLog> history = new ArrayDeque<>();
    private final List<UndoLog> active = new ArrayList<>();
    private long nextId;
    private long idBound;

    private TrxSys(PageStore store) {
        this.store = store;
        this.mutex = store.latchOrder().mutex(LatchLevel.TRX_SYSTEM);
    }

    static int slots(int pageSize) {
        return Math.min(MOST_SLOTS, (pageSize - PageHeader.TRAILER - SLOTS) / Integer.BYTES);
    }

    static int slotOffset(int slot) {
        return SLOTS + slot * Integer.BYTES;
    }

    /** Makes the page of a new data folder (trx_sys_create_sys_pages). */
    static void create(MiniTransaction mtr) {
        ByteBuffer frame = mtr.newPage(PAGE, PageType.TRX_SYS).frame();
        frame.putLong(ID_BOUND, 1);
        for (int slot = 0; slot < slots(frame.capacity()); slot++) {
            frame.putInt(slotOffset(slot), PageHeader.NULL_PAGE);
        }
    }

    /** Opens the page and sorts the undo logs by what is to be done with them (trx_lists_init). */
    static TrxSys open(PageStore store) {
        TrxSys system = new TrxSys(store);
        int[] first = new int[slots(store.pageSize())];
        try (MiniTransaction mtr = store.begin()) {
            ByteBuffer frame = mtr.page(PAGE, Latch.S).frame();
            system.nextId = frame.getLong(ID_BOUND);
            for (int slot = 0; slot < first.length; slot++) {
                first[slot] = frame.getInt(slotOffset(slot));
            }
        }
        system.idBound = system.nextId;
        for (int slot = 0; slot < first.length; slot++) {
            if (first[slot] == PageHeader.NULL_PAGE) {
                system.free.addLast(new UndoLog(store, slot));
                continue;
            }
            UndoLog log = UndoLog.open(store, slot, first[slot]);
            switch (log.state()) {
                case UndoPage.ACTIVE -> system.active.add(log);
                case UndoPage.COMMITTED -> system.history.add(log);
                default -> system.free.addFirst(log);
            }
        }
        return system;
    }

    /** Transactions that a crash interrupted; the caller rolls them back and releases each. */
    List<UndoLog> interrupted() {
        List<UndoLog> logs = List.copyOf(active);
        active.clear();
        return logs;
    }

    long assignId() {
        mutex.lock();
        try {
            if (nextId >= idBound) {
                idBound = nextId + ID_STEP;
                try (MiniTransaction mtr = store.begin()) {
                    BufferBlock page = mtr.page(PAGE, Latch.X);
                    mtr.setDirty(page);
                    page.frame().putLong(ID_BOUND, idBound);
                }
            }
            return nextId++;
        } finally {
            mutex.unlock();
        }
    }

    /** Does something while no transaction begins, which is when this page is used. */
    void whileNoneBegins(Runnable action) {
        mutex.lock();
        try {
            action.run();
        } finally {
            mutex.unlock();
        }
    }

    /** A free undo log, or null when all are in use or wait for the purge. */
    @Nullable UndoLog tryTake() {
        mutex.lock();
        try {
            return free.pollFirst();
        } finally {
            mutex.unlock();
        }
    }

    void release(UndoLog log) {
        mutex.lock();
        try {
            free.addFirst(log);
        } finally {
            mutex.unlock();
        }
    }

    void addHistory(UndoLog log) {
        mutex.lock();
        try {
            history.addLast(log);
        } finally {
            mutex.unlock();
        }
    }

    /** The oldest committed log that waits for the purge, or null. */
    @Nullable UndoLog takeHistory() {
        mutex.lock();
        try {
            return history.pollFirst();
        } finally {
            mutex.unlock();
        }
    }

    int historyLength() {
        mutex.lock();
        try {
            return history.size();
        } finally {
            mutex.unlock();
        }
    }
}
