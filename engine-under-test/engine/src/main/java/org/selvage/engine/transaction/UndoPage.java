package org.selvage.engine.transaction;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.selvage.engine.ValidationException;
import org.selvage.engine.page.PageHeader;

/**
 * Offsets in a page of an undo log (trx0undo.h). The pages of one log are linked through "next
 * page"; state and transaction id count in the first.
 */
final class UndoPage {
    /** What became of the transaction, 1 byte. */
    static final int STATE = PageHeader.DATA;

    /** Transaction id, 8 bytes. */
    static final int TRX_ID = STATE + 2;

    /** First byte after the records, 2 bytes. */
    static final int TOP = TRX_ID + 8;

    /** Where the records begin: length (2) and bytes each. */
    static final int RECORDS = TOP + 2;

    /** The log holds nothing. */
    static final byte EMPTY = 0;

    /** The transaction has not ended; after a crash it is rolled back. */
    static final byte ACTIVE = 1;

    /** The transaction is committed; what it delete-marked waits for the purge. */
    static final byte COMMITTED = 2;

    private static final int LENGTH = 2;

    private UndoPage() {}

    /** Makes a new page an empty undo page. */
    static void clear(ByteBuffer frame) {
        frame.put(STATE, EMPTY);
        frame.putLong(TRX_ID, 0);
        frame.putShort(TOP, (short) RECORDS);
        PageHeader.setNext(frame, PageHeader.NULL_PAGE);
    }

    /** Adds a record; false when it does not fit. */
    static boolean append(ByteBuffer frame, byte[] record) {
        int top = frame.getShort(TOP) & 0xFFFF;
        if (top + LENGTH + record.length > frame.capacity() - PageHeader.TRAILER) {
            return false;
        }
        frame.putShort(top, (short) record.length);
        frame.put(top + LENGTH, record);
        frame.putShort(TOP, (short) (top + LENGTH + record.length));
        return true;
    }

    /** The records of a page, the oldest first. */
    static List<UndoRecord> records(ByteBuffer frame) {
        List<UndoRecord> records = new ArrayList<>();
        int top = frame.getShort(TOP) & 0xFFFF;
        requireInside(frame, top, frame.capacity() - PageHeader.TRAILER);
        int at = RECORDS;
        while (at < top) {
            requireInside(frame, at + LENGTH, top);
            byte[] record = new byte[frame.getShort(at) & 0xFFFF];
            requireInside(frame, at + LENGTH + record.length, top);
            frame.get(at + LENGTH, record);
            records.add(UndoRecord.decode(record));
            at += LENGTH + record.length;
        }
        return records;
    }

    private static void requireInside(ByteBuffer frame, int end, int limit) {
        if (end < RECORDS || end > limit) {
            throw new ValidationException(
                    "the records of an undo page reach outside their place",
                    "page=" + PageHeader.pageNo(frame) + " end=" + end + " limit=" + limit);
        }
    }
}
