package org.selvage.engine.changebuffer;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.selvage.engine.ValidationException;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.index.IndexPage;
import org.selvage.engine.index.PageStore;
import org.selvage.engine.index.TreeCheck;
import org.selvage.engine.page.PageId;
import org.selvage.engine.redo.MiniTransaction;

/**
 * Checks the change buffer against the bitmap pages, while nobody buffers or merges: a page's
 * BUFFERED bit is set exactly when the tree has records for it, the IBUF bits are those of the
 * tree's pages, the size in the header page is their number, and FREE never promises more than a
 * leaf has.
 */
public final class ChangeBufferCheck {
    private final ChangeBufferTree changes;
    private final PageStore store;
    private final boolean interrupted;
    private final Set<Long> treePages = new TreeSet<>();
    private final TreeSet<Long> bufferedPages = new TreeSet<>();

    /** Room in bytes of the leaves whose FREE bits are to be checked, by page number. */
    private final TreeMap<Integer, Integer> leafRoom = new TreeMap<>();

    /**
     * Checks the tree and remembers which pages it has records for.
     *
     * @param interrupted whether the engine may have been killed before: it may then have stopped
     *     between applying the last record of a leaf and removing it, or before the BUFFERED bit
     *     went down
     */
    public ChangeBufferCheck(ChangeBufferTree changes, boolean interrupted) {
        this.interrupted = interrupted;
        this.changes = changes;
        this.store = changes.store();
        checkTree();
    }

    private void checkTree() {
        TreeCheck.check(
                store,
                changes.tree(),
                (page, frame) -> {
                    treePages.add(pack(page));
                    if (IndexPage.isLeaf(frame)) {
                        collect(frame);
                    }
                });
        if (treePages.size() != changes.size()) {
            throw new ValidationException(
                    "the change buffer's size is not the number of its pages",
                    "size=" + changes.size() + " pages=" + treePages.size());
        }
    }

    private void collect(ByteBuffer frame) {
        int count = IndexPage.recordCount(frame);
        for (int i = 0; i < count; i++) {
            PageId page = BufferedChange.page(frame, i);
            if (IndexPage.isDeleteMarked(frame, i) && !mayBeInterrupted()) {
                throw new ValidationException(
                        "an applied change was left in the change buffer", "page=" + page);
            }
            bufferedPages.add(pack(page));
        }
    }

    private boolean mayBeInterrupted() {
        return interrupted || changes.hasFailedMerge();
    }

    /**
     * Checks the BUFFERED and IBUF bits of all pages of a space.
     *
     * @param sizePages size of the space
     */
    public void checkSpace(int spaceId, int sizePages) {
        for (int first = 0; first < sizePages; first += store.pageSize()) {
            PageId bitmapPage = BitmapPage.of(new PageId(spaceId, first), store.pageSize());
            if (bitmapPage.pageNo() >= sizePages) {
                break;
            }
            try (MiniTransaction mtr = store.begin()) {
                ByteBuffer bitmap = mtr.page(bitmapPage, Latch.S).frame();
                int end = Math.min(sizePages, first + store.pageSize());
                for (int pageNo = first; pageNo < end; pageNo++) {
                    checkBits(new PageId(spaceId, pageNo), bitmap);
                }
            }
        }
        Long beyond = bufferedPages.ceiling(pack(new PageId(spaceId, sizePages)));
        if (beyond != null && unpack(beyond).spaceId() == spaceId) {
            throw new ValidationException(
                    "the change buffer has records for a page outside its tablespace",
                    "page=" + unpack(beyond) + " size=" + sizePages);
        }
    }

    private void checkBits(PageId page, ByteBuffer bitmap) {
        boolean bit = BitmapPage.buffered(bitmap, page.pageNo());
        boolean records = bufferedPages.contains(pack(page));
        if (records ? !bit : bit && !mayBeInterrupted()) {
            throw new ValidationException(
                    "a BUFFERED bit and the change buffer disagree",
                    "page=" + page + " buffered_bit=" + bit + " has_records=" + records);
        }
        boolean ibuf = BitmapPage.changeBufferPage(bitmap, page.pageNo());
        if (ibuf != treePages.contains(pack(page))) {
            throw new ValidationException(
                    "an IBUF bit and the change buffer's tree disagree",
                    "page=" + page + " ibuf_bit=" + ibuf + " in_tree=" + !ibuf);
        }
    }

    /** Remembers the room of a secondary index leaf for {@link #checkFree}. */
    public void leaf(PageId page, ByteBuffer frame) {
        leafRoom.put(page.pageNo(), IndexPage.freeSpace(frame));
    }

    /**
     * Checks the FREE bits of the leaves that were remembered, all of a space, and forgets them.
     */
    public void checkFree(int spaceId) {
        while (!leafRoom.isEmpty()) {
            int first = leafRoom.firstKey() & -store.pageSize();
            PageId bitmapPage = BitmapPage.of(new PageId(spaceId, first), store.pageSize());
            Map<Integer, Integer> run = leafRoom.headMap(first + store.pageSize());
            try (MiniTransaction mtr = store.begin()) {
                ByteBuffer bitmap = mtr.page(bitmapPage, Latch.S).frame();
                run.forEach((pageNo, room) -> checkFree(new PageId(spaceId, pageNo), room, bitmap));
            }
            run.clear();
        }
    }

    private void checkFree(PageId leaf, int free, ByteBuffer bitmap) {
        int promised = BitmapPage.free(bitmap, leaf.pageNo());
        if (promised > BitmapPage.freeBits(free, store.pageSize())) {
            throw new ValidationException(
                    "FREE bits promise more room than the page has",
                    "page="
                            + leaf
                            + " promised="
                            + BitmapPage.freeBytes(promised, store.pageSize())
                            + " free="
                            + free);
        }
    }

    private static long pack(PageId page) {
        return (long) page.spaceId() << 32 | page.pageNo();
    }

    private static PageId unpack(long packed) {
        return new PageId((int) (packed >>> 32), (int) packed);
    }
}
