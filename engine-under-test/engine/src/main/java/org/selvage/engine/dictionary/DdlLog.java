package org.selvage.engine.dictionary;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.selvage.engine.ValidationException;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.index.BTree;
import org.selvage.engine.index.IndexPage;
import org.selvage.engine.index.PageStore;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.redo.MiniTransaction;

/**
 * What a crash must not leave half done (MySQL 8.0's DDL_LOG): records of the files that a data
 * definition statement under way makes, removes or renames.
 *
 * <p>A record is logged before the file is touched, or before the table leaves the dictionary, and
 * removed when dictionary and files agree again. What a crash leaves of them is worked off at the
 * next start, so a dictionary record and a file are always there together.
 */
public final class DdlLog {
    /** Identity stamped on the tree's pages. */
    public static final long INDEX_ID = 2;

    private static final int SYSTEM_SPACE = 0;
    private static final byte DELETE_SPACE = 'D';
    private static final byte RENAME = 'R';

    private final BTree tree;

    /** A record of the log. */
    public sealed interface Entry {
        /** The tablespace it is about; 0 when that is discarded. */
        int spaceId();
    }

    /** A file that is to be removed unless the dictionary has a table in its tablespace. */
    public record DeleteSpace(int spaceId, String name) implements Entry {}

    /**
     * A table that gets another name: when the dictionary has it under both, the first is to go.
     *
     * @param spaceId its tablespace, 0 when that is discarded
     */
    public record RenameTable(int spaceId, String from, String to) implements Entry {}

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

    /** Adds a record; a tablespace has at most one. */
    public void add(Entry entry) {
        tree.insert(key(entry.spaceId()), encode(entry));
    }

    /** Forgets a record. */
    public void remove(Entry entry) {
        tree.remove(key(entry.spaceId()));
    }

    /** What is under way, or was at the crash. */
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        tree.scan(
                BTree.NO_VALUE,
                (frame, position) -> {
                    byte[] key = IndexPage.key(frame, position);
                    entries.add(decode(key, IndexPage.value(frame, position)));
                    return true;
                });
        return entries;
    }

    private static byte[] encode(Entry entry) {
        return switch (entry) {
            case DeleteSpace delete -> encode(DELETE_SPACE, delete.name(), "");
            case RenameTable rename -> encode(RENAME, rename.from(), rename.to());
        };
    }

    private static byte[] encode(byte type, String name, String other) {
        byte[] first = name.getBytes(StandardCharsets.UTF_8);
        byte[] second = other.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + first.length + second.length)
                .put(type)
                .put((byte) first.length)
                .put(first)
                .put(second)
                .array();
    }

    private static Entry decode(byte[] key, byte[] bytes) {
        int first = bytes.length < 2 ? 0 : bytes[1] & 0xFF;
        boolean known = bytes.length > 0 && (bytes[0] == DELETE_SPACE || bytes[0] == RENAME);
        if (key.length != Integer.BYTES || !known || bytes.length < 2 + first) {
            throw new ValidationException(
                    "a record of the DDL log cannot be read",
                    "key_length="
                            + key.length
                            + " length="
                            + bytes.length
                            + " name_length="
                            + first
                            + " expected_key_length="
                            + Integer.BYTES);
        }
        int space = ByteBuffer.wrap(key).getInt();
        String name = new String(bytes, 2, first, StandardCharsets.UTF_8);
        String other =
                new String(bytes, 2 + first, bytes.length - 2 - first, StandardCharsets.UTF_8);
        return bytes[0] == RENAME
                ? new RenameTable(space, name, other)
                : new DeleteSpace(space, name);
    }

    private static byte[] key(int spaceId) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(spaceId).array();
    }
}
