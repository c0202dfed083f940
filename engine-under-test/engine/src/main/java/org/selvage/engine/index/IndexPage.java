package org.selvage.engine.index;

import java.nio.ByteBuffer;
import org.selvage.engine.page.IndexHeader;
import org.selvage.engine.page.PageHeader;

/**
 * A slotted index page over a frame (InnoDB's page0page.cc and page0cur.cc). Records grow upwards
 * from the header, the directory of two-byte slots grows downwards from the trailer, one slot a
 * record in key order, so a search is a plain binary search.
 *
 * <p>Two differences from InnoDB: its directory is sparse over a linked list of records, and its
 * leftmost node pointer of a level carries a flag. Here slot 0 of every page above the leaves has
 * an empty key, which sorts before all others and stands for minus infinity.
 *
 * <p>Nothing here latches: the caller holds the frame's latch, S to read and X to write.
 */
public final class IndexPage {
    /** Where the records begin. */
    public static final int RECORDS = IndexHeader.END;

    /** Bytes of a directory slot. */
    public static final int SLOT_LENGTH = 2;

    /** Info bits (1), key length (2), value length (2) before the key and the value. */
    public static final int RECORD_HEADER = 5;

    /** Info bit of a delete-marked record (InnoDB's REC_INFO_DELETED_FLAG). */
    public static final int DELETE_MARK = 0x20;

    private static final int KEY_LENGTH = 1;
    private static final int VALUE_LENGTH = 3;

    private IndexPage() {}

    /** Makes the frame an empty index page; the caller has stamped the page type and the links. */
    public static void create(ByteBuffer frame, long indexId, int level) {
        frame.putShort(IndexHeader.RECORD_COUNT, (short) 0);
        frame.putShort(IndexHeader.HEAP_TOP, (short) RECORDS);
        frame.putShort(IndexHeader.GARBAGE, (short) 0);
        frame.putShort(IndexHeader.LEVEL, (short) level);
        frame.putLong(IndexHeader.INDEX_ID, indexId);
    }

    /** Number of records, delete-marked ones included. */
    public static int recordCount(ByteBuffer frame) {
        return frame.getShort(IndexHeader.RECORD_COUNT) & 0xFFFF;
    }

    /** Distance from the leaves. */
    public static int level(ByteBuffer frame) {
        return IndexHeader.level(frame);
    }

    /** Whether the page is a leaf. */
    public static boolean isLeaf(ByteBuffer frame) {
        return frame.getShort(IndexHeader.LEVEL) == 0;
    }

    /** Index that the page belongs to. */
    public static long indexId(ByteBuffer frame) {
        return IndexHeader.indexId(frame);
    }

    /** Makes it a page of another index, as the import of a tablespace does. */
    public static void setIndexId(ByteBuffer frame, long indexId) {
        frame.putLong(IndexHeader.INDEX_ID, indexId);
    }

    /** First byte after the records. */
    public static int heapTop(ByteBuffer frame) {
        return frame.getShort(IndexHeader.HEAP_TOP) & 0xFFFF;
    }

    /** Bytes that removed records left behind. */
    public static int garbage(ByteBuffer frame) {
        return frame.getShort(IndexHeader.GARBAGE) & 0xFFFF;
    }

    /** Offset of the record in slot {@code position}. */
    public static int record(ByteBuffer frame, int position) {
        return frame.getShort(slot(frame, position)) & 0xFFFF;
    }

    /** Bytes for records and slots on an empty page. */
    public static int capacity(int pageSize) {
        return pageSize - PageHeader.TRAILER - RECORDS;
    }

    /**
     * The longest record, slot excluded, that a page may hold: two fit on a page, so a split always
     * makes room (InnoDB's page_get_free_space_of_empty / 2).
     */
    public static int maxRecordLength(int pageSize) {
        return capacity(pageSize) / 2 - SLOT_LENGTH;
    }

    /** Bytes a record takes, slot excluded. */
    public static int recordLength(int keyLength, int valueLength) {
        return RECORD_HEADER + keyLength + valueLength;
    }

    /**
     * Bytes free for records and slots, garbage included, since inserting may reorganise the page.
     */
    public static int freeSpace(ByteBuffer frame) {
        return contiguousSpace(frame) + garbage(frame);
    }

    /**
     * First position whose key is not less than {@code key}; {@link #recordCount} if there is none.
     */
    public static int lowerBound(ByteBuffer frame, byte[] key) {
        int low = 0;
        int high = recordCount(frame);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compareKey(frame, middle, key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Whether the record at a position has exactly this key; false at and past the end. */
    public static boolean keyEquals(ByteBuffer frame, int position, byte[] key) {
        return position < recordCount(frame) && compareKey(frame, position, key) == 0;
    }

    /** Orders the key at a position against {@code key}. */
    public static int compareKey(ByteBuffer frame, int position, byte[] key) {
        int offset = record(frame, position);
        return KeyEncoding.compare(
                frame, offset + RECORD_HEADER, frame.getShort(offset + KEY_LENGTH) & 0xFFFF, key);
    }

    /** Position of the node pointer whose subtree {@code key} belongs to. */
    public static int childPosition(ByteBuffer frame, byte[] key) {
        int position = lowerBound(frame, key);
        if (keyEquals(frame, position, key)) {
            return position;
        }
        return Math.max(0, position - 1);
    }

    /** Page number in the node pointer at a position. */
    public static int childPage(ByteBuffer frame, int position) {
        int offset = record(frame, position);
        return frame.getInt(offset + RECORD_HEADER + keyLength(frame, position));
    }

    /** Length of the key at a position, in bytes. */
    public static int keyLength(ByteBuffer frame, int position) {
        return frame.getShort(record(frame, position) + KEY_LENGTH) & 0xFFFF;
    }

    /** A copy of the key at a position. */
    public static byte[] key(ByteBuffer frame, int position) {
        byte[] key = new byte[keyLength(frame, position)];
        frame.get(record(frame, position) + RECORD_HEADER, key);
        return key;
    }

    /** Length of the value at a position, in bytes. */
    public static int valueLength(ByteBuffer frame, int position) {
        return frame.getShort(record(frame, position) + VALUE_LENGTH) & 0xFFFF;
    }

    /** Offset of the value at a position. */
    public static int valueOffset(ByteBuffer frame, int position) {
        return record(frame, position) + RECORD_HEADER + keyLength(frame, position);
    }

    /** A copy of the value at a position. */
    public static byte[] value(ByteBuffer frame, int position) {
        byte[] value = new byte[valueLength(frame, position)];
        frame.get(valueOffset(frame, position), value);
        return value;
    }

    /** Bytes that the record at a position takes, slot excluded. */
    public static int recordLength(ByteBuffer frame, int position) {
        return recordLength(keyLength(frame, position), valueLength(frame, position));
    }

    /** Whether the record at a position is delete-marked. */
    public static boolean isDeleteMarked(ByteBuffer frame, int position) {
        return (frame.get(record(frame, position)) & DELETE_MARK) != 0;
    }

    /** Sets or clears the delete mark of the record at a position. */
    public static void setDeleteMark(ByteBuffer frame, int position, boolean marked) {
        int offset = record(frame, position);
        int bits = frame.get(offset) & ~DELETE_MARK;
        frame.put(offset, (byte) (marked ? bits | DELETE_MARK : bits));
    }

    /**
     * Inserts a record at a position, reorganising the page when only its garbage makes room.
     *
     * @return false, with the page unchanged, when the record does not fit
     */
    public static boolean insert(
            ByteBuffer frame, int position, byte[] key, byte[] value, boolean deleteMarked) {
        int length = recordLength(key.length, value.length);
        if (!makeRoom(frame, length)) {
            return false;
        }
        int offset = heapTop(frame);
        frame.put(offset, (byte) (deleteMarked ? DELETE_MARK : 0));
        frame.putShort(offset + KEY_LENGTH, (short) key.length);
        frame.putShort(offset + VALUE_LENGTH, (short) value.length);
        frame.put(offset + RECORD_HEADER, key);
        frame.put(offset + RECORD_HEADER + key.length, value);
        openSlot(frame, position, offset);
        frame.putShort(IndexHeader.HEAP_TOP, (short) (offset + length));
        return true;
    }

    /** Removes the record at a position; its bytes become garbage. */
    public static void remove(ByteBuffer frame, int position) {
        int count = recordCount(frame);
        assert position < count;
        int length = recordLength(frame, position);
        int offset = record(frame, position);
        for (int i = position; i + 1 < count; i++) {
            frame.putShort(slot(frame, i), frame.getShort(slot(frame, i + 1)));
        }
        frame.putShort(IndexHeader.RECORD_COUNT, (short) (count - 1));
        if (count == 1) {
            frame.putShort(IndexHeader.HEAP_TOP, (short) RECORDS);
            frame.putShort(IndexHeader.GARBAGE, (short) 0);
        } else if (offset + length == heapTop(frame)) {
            frame.putShort(IndexHeader.HEAP_TOP, (short) offset);
        } else {
            frame.putShort(IndexHeader.GARBAGE, (short) (garbage(frame) + length));
        }
    }

    /** Appends a copy of another page's record; the caller knows that it fits and comes last. */
    static void append(ByteBuffer frame, ByteBuffer source, int sourcePosition) {
        int length = recordLength(source, sourcePosition);
        int offset = heapTop(frame);
        assert contiguousSpace(frame) >= length + SLOT_LENGTH;
        frame.put(offset, source, record(source, sourcePosition), length);
        openSlot(frame, recordCount(frame), offset);
        frame.putShort(IndexHeader.HEAP_TOP, (short) (offset + length));
    }

    /** Removes every record from a position on, then reorganises. */
    static void truncate(ByteBuffer frame, int position) {
        frame.putShort(IndexHeader.RECORD_COUNT, (short) position);
        reorganize(frame);
    }

    /** Rewrites the records in key order without gaps (InnoDB's btr_page_reorganize). */
    static void reorganize(ByteBuffer frame) {
        int count = recordCount(frame);
        byte[] old = new byte[heapTop(frame) - RECORDS];
        frame.get(RECORDS, old);
        int top = RECORDS;
        for (int i = 0; i < count; i++) {
            int from = record(frame, i) - RECORDS;
            int length =
                    RECORD_HEADER + unsignedShort(old, from + 1) + unsignedShort(old, from + 3);
            frame.put(top, old, from, length);
            frame.putShort(slot(frame, i), (short) top);
            top += length;
        }
        frame.putShort(IndexHeader.HEAP_TOP, (short) top);
        frame.putShort(IndexHeader.GARBAGE, (short) 0);
    }

    private static int unsignedShort(byte[] bytes, int at) {
        return ((bytes[at] & 0xFF) << 8) | (bytes[at + 1] & 0xFF);
    }

    private static boolean makeRoom(ByteBuffer frame, int recordLength) {
        int wanted = recordLength + SLOT_LENGTH;
        if (contiguousSpace(frame) >= wanted) {
            return true;
        }
        if (freeSpace(frame) < wanted) {
            return false;
        }
        reorganize(frame);
        return true;
    }

    private static void openSlot(ByteBuffer frame, int position, int offset) {
        int count = recordCount(frame);
        for (int i = count; i > position; i--) {
            frame.putShort(slot(frame, i), frame.getShort(slot(frame, i - 1)));
        }
        frame.putShort(slot(frame, position), (short) offset);
        frame.putShort(IndexHeader.RECORD_COUNT, (short) (count + 1));
    }

    private static int contiguousSpace(ByteBuffer frame) {
        return directoryEnd(frame.capacity()) - SLOT_LENGTH * recordCount(frame) - heapTop(frame);
    }

    private static int slot(ByteBuffer frame, int position) {
        return directoryEnd(frame.capacity()) - SLOT_LENGTH * (position + 1);
    }

    private static int directoryEnd(int pageSize) {
        return pageSize - PageHeader.TRAILER;
    }
}
