package org.selvage.engine.changebuffer;

import java.nio.ByteBuffer;
import org.selvage.engine.ValidationException;
import org.selvage.engine.index.IndexPage;
import org.selvage.engine.index.LeafBuffering.Operation;
import org.selvage.engine.page.PageId;

/**
 * The form of a change buffer record (InnoDB's ibuf_entry_build).
 *
 * <pre>
 *   key    space id (4) | marker 0 (1) | page number (4) | counter (2)
 *   value  operation (1) | key of the secondary index record
 * </pre>
 *
 * The counter orders the changes of a page, so they are applied first in, first out.
 */
public final class BufferedChange {
    /** Bytes of a record's key. */
    public static final int KEY_LENGTH = 11;

    /** Counter that no record has; a search with it ends behind the page's last record. */
    static final int NO_COUNTER = 0xFFFF;

    private static final int PAGE_NO = 5;
    private static final int COUNTER = 9;

    private BufferedChange() {}

    /** Key of a record. */
    static byte[] key(PageId page, int counter) {
        byte[] key = new byte[KEY_LENGTH];
        putInt(key, 0, page.spaceId());
        putInt(key, PAGE_NO, page.pageNo());
        key[COUNTER] = (byte) (counter >>> 8);
        key[COUNTER + 1] = (byte) counter;
        return key;
    }

    /** Value of a record. */
    static byte[] value(Operation operation, byte[] secondaryKey) {
        byte[] value = new byte[1 + secondaryKey.length];
        value[0] = (byte) operation.code();
        System.arraycopy(secondaryKey, 0, value, 1, secondaryKey.length);
        return value;
    }

    /** Page that the record at a position of a change buffer leaf is for. */
    public static PageId page(ByteBuffer frame, int position) {
        int offset = IndexPage.record(frame, position) + IndexPage.RECORD_HEADER;
        return new PageId(frame.getInt(offset), frame.getInt(offset + PAGE_NO));
    }

    /** Whether the record at a position is for that page. */
    static boolean isFor(ByteBuffer frame, int position, PageId page) {
        int offset = IndexPage.record(frame, position) + IndexPage.RECORD_HEADER;
        return frame.getInt(offset) == page.spaceId()
                && frame.getInt(offset + PAGE_NO) == page.pageNo();
    }

    /** Counter of the record at a position. */
    static int counter(ByteBuffer frame, int position) {
        int offset = IndexPage.record(frame, position) + IndexPage.RECORD_HEADER;
        return frame.getShort(offset + COUNTER) & 0xFFFF;
    }

    /** Operation of the record at a position. */
    public static Operation operation(ByteBuffer frame, int position) {
        int code = frame.get(IndexPage.valueOffset(frame, position));
        Operation operation = Operation.ofCode(code);
        if (operation == null) {
            throw new ValidationException(
                    "a change buffer record has an unknown operation",
                    "page=" + page(frame, position) + " operation=" + code);
        }
        return operation;
    }

    /** Key of the secondary index record that the record at a position changes. */
    static byte[] secondaryKey(ByteBuffer frame, int position) {
        byte[] key = new byte[IndexPage.valueLength(frame, position) - 1];
        frame.get(IndexPage.valueOffset(frame, position) + 1, key);
        return key;
    }

    /**
     * Bytes that the change takes on its page: a delete mark takes none. A delete gives bytes back,
     * which nobody counts on.
     */
    static int volume(ByteBuffer frame, int position) {
        return operation(frame, position) == Operation.INSERT
                ? spaceTaken(IndexPage.valueLength(frame, position) - 1)
                : 0;
    }

    /** Bytes that inserting a secondary key takes on its page, the slot included. */
    static int spaceTaken(int secondaryKeyLength) {
        return IndexPage.recordLength(secondaryKeyLength, 0) + IndexPage.SLOT_LENGTH;
    }

    private static void putInt(byte[] target, int offset, int value) {
        target[offset] = (byte) (value >>> 24);
        target[offset + 1] = (byte) (value >>> 16);
        target[offset + 2] = (byte) (value >>> 8);
        target[offset + 3] = (byte) value;
    }
}
