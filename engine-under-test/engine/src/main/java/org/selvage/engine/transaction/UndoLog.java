package org.selvage.engine.transaction;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.index.PageStore;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.redo.MiniTransaction;

/**
 * The undo log of one transaction at a time: a slot of the transaction system page and the pages it
 * leads to (trx_undo_t). The first page stays when the transaction has ended. Used by the thread
 * that has the transaction, then by the purge.
 */
final class UndoLog {
    private static final int SYSTEM_SPACE = 0;

    private final PageStore store;
    private final int slot;
    private final List<Integer> pages = new ArrayList<>();

    UndoLog(PageStore store, int slot) {
        this.store = store;
        this.slot = slot;
    }

    /** A log whose pages exist. */
    static UndoLog open(PageStore store, int slot, int firstPage) {
        UndoLog log = new UndoLog(store, slot);
        Set<Integer> known = new HashSet<>();
        int page = firstPage;
        while (page != PageHeader.NULL_PAGE) {
            boolean seen = !known.add(page);
            log.pages.add(page);
            try (MiniTransaction mtr = store.begin()) {
                BufferBlock block = mtr.page(id(page), Latch.S);
                int type = PageHeader.typeCode(block.frame());
                if (seen || type != PageType.UNDO_LOG.code()) {
                    throw store.corrupt(
                            block,
                            seen ? "next page" : "page type",
                            seen ? PageHeader.NULL_PAGE : PageType.UNDO_LOG.code(),
                            seen ? page : type);
                }
                page = PageHeader.next(block.frame());
            }
        }
        return log;
    }

    private static PageId id(int page) {
        return new PageId(SYSTEM_SPACE, page);
    }

    /** Writes a record, before the change it is about. */
    void append(long trxId, UndoRecord record) {
        byte[] encoded = record.encode();
        if (pages.isEmpty()) {
            makeFirstPage();
        }
        try (MiniTransaction mtr = store.begin()) {
            BufferBlock first = mtr.page(id(pages.getFirst()), Latch.X);
            mtr.setDirty(first);
            first.frame().put(UndoPage.STATE, UndoPage.ACTIVE);
            first.frame().putLong(UndoPage.TRX_ID, trxId);
            BufferBlock last = mtr.page(id(pages.getLast()), Latch.X);
            mtr.setDirty(last);
            if (!UndoPage.append(last.frame(), encoded)) {
                BufferBlock added = allocate(mtr);
                PageHeader.setNext(last.frame(), added.id().pageNo());
                pages.add(added.id().pageNo());
                boolean fits = UndoPage.append(added.frame(), encoded);
                assert fits : "an undo record of at most half a page fits an empty page";
            }
        }
    }

    private void makeFirstPage() {
        try (MiniTransaction mtr = store.begin()) {
            BufferBlock system = mtr.page(TrxSys.PAGE, Latch.X);
            mtr.setDirty(system);
            BufferBlock page = allocate(mtr);
            system.frame().putInt(TrxSys.slotOffset(slot), page.id().pageNo());
            pages.add(page.id().pageNo());
        }
    }

    private BufferBlock allocate(MiniTransaction mtr) {
        BufferBlock page = store.allocate(mtr, SYSTEM_SPACE);
        PageHeader.setType(page.frame(), PageType.UNDO_LOG);
        UndoPage.clear(page.frame());
        return page;
    }

    /** The transaction is committed and its delete marks wait; returns the end LSN. */
    long commitForPurge() {
        try (MiniTransaction mtr = store.begin()) {
            BufferBlock first = mtr.page(id(pages.getFirst()), Latch.X);
            mtr.setDirty(first);
            first.frame().put(UndoPage.STATE, UndoPage.COMMITTED);
            return mtr.commit();
        }
    }

    /**
     * Nothing of the transaction is left to do: it is rolled back, purged, or committed without
     * anything to purge. Returns the end LSN.
     */
    long reset() {
        try (MiniTransaction mtr = store.begin()) {
            BufferBlock first = mtr.page(id(pages.getFirst()), Latch.X);
            mtr.setDirty(first);
            UndoPage.clear(first.frame());
            List<Integer> others = pages.subList(1, pages.size());
            for (int page : others) {
                // Before page 0 of the system tablespace, which the first of them to be freed
                // takes.
                mtr.page(id(page), Latch.X);
            }
            for (int page : others) {
                store.free(mtr, id(page));
            }
            others.clear();
            return mtr.commit();
        }
    }

    /** State of the first page. */
    byte state() {
        try (MiniTransaction mtr = store.begin()) {
            return mtr.page(id(pages.getFirst()), Latch.S).frame().get(UndoPage.STATE);
        }
    }

    /** The transaction that the log is of. */
    long trxId() {
        try (MiniTransaction mtr = store.begin()) {
            return mtr.page(id(pages.getFirst()), Latch.S).frame().getLong(UndoPage.TRX_ID);
        }
    }

    /** All records, the oldest first. */
    List<UndoRecord> records() {
        List<UndoRecord> records = new ArrayList<>();
        for (int page : pages) {
            try (MiniTransaction mtr = store.begin()) {
                records.addAll(UndoPage.records(mtr.page(id(page), Latch.S).frame()));
            }
        }
        return records;
    }
}
