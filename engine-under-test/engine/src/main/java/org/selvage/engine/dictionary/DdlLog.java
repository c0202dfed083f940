package org.selvage.engine.dictionary;

import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.index.BTree;
import org.selvage.engine.index.IndexPage;
import org.selvage.engine.index.PageStore;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.redo.MiniTransaction;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Files that are to be removed unless the dictionary has their table (MySQL 8.0's DDL_LOG, log type
 * DELETE_SPACE): one record for each CREATE or DROP TABLE that is under way.
 *
 * <p>A record is logged before the file is made, or before the table leaves the dictionary, and
 * removed when the table is in the dictionary, or the file gone. What a crash leaves of them is
 * worked off at the next start, so a dictionary record and a file are always there together.
 */
public final class DdlLog {
    /** Identity stamped on the tree's pages. */
    public static final long INDEX_ID = 2;

    private static final int SYSTEM_SPACE = 0;

    private final BTree tree;

    /** A file that is to be removed unless the dictionary has its table. */
    public record Entry(int spaceId, String name) {}

    /** The log of a data folder. */
    public DdlLog(PageStore store) {
        tree = new BTree(store, SYSTEM_SPACE, FspHeader.DDL_LOG_ROOT_PAGE_NO, INDEX_ID, null);
    }

    /** Makes the empty tree of a new data folder. */
    public static void create(MiniTransaction mtr) {
        PageId page = new PageId(SYSTEM_SPACE, FspHeader.DDL_LOG_ROOT_PAGE_NO);
        BufferBlock root = mtr.newPage(page, PageType.INDEX);
        BTree.createRoot(mtr, root, INDEX_ID);
    }

    /** The tree of records. */
    public BTree tree() {
        return tree;
    }

    /** Adds a file. */
    public void add(int spaceId, String name) {
        tree.insert(key(spaceId), name.getBytes(StandardCharsets.UTF_8));
    }

    /** Forgets a file. */
    public void remove(int spaceId) {
        tree.remove(key(spaceId));
    }

    /** What is under way, or was at the crash. */
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        tree.scan(
                BTree.NO_VALUE,
                (frame, position) -> {
                    int space = ByteBuffer.wrap(IndexPage.key(frame, position)).getInt();
                    byte[] name = IndexPage.value(frame, position);
                    entries.add(new Entry(space, new String(name, StandardCharsets.UTF_8)));
                    return true;
                });
        return entries;
    }

    private static byte[] key(int spaceId) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(spaceId).array();
    }
}
