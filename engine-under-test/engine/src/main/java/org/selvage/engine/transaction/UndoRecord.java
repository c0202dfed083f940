package org.selvage.engine.transaction;

import java.nio.ByteBuffer;
import org.selvage.engine.ValidationException;
import org.selvage.engine.index.BTree;

/**
 * What a row was before a change (trx0rec.cc).
 *
 * @param spaceId tablespace of the table
 * @param key primary key
 * @param before the clustered record before
 */
record UndoRecord(int spaceId, long key, BTree.Version before) {
    private static final int FIXED = Integer.BYTES + Long.BYTES + 1;
    private static final byte ABSENT = 0;
    private static final byte MARKED = 1;
    private static final byte LIVE = 2;

    byte[] encode() {
        byte[] value = before.value();
        ByteBuffer bytes = ByteBuffer.allocate(FIXED + (value == null ? 0 : value.length));
        bytes.putInt(spaceId).putLong(key);
        if (value == null) {
            bytes.put(ABSENT);
        } else {
            bytes.put(before.deleteMarked() ? MARKED : LIVE).put(value);
        }
        return bytes.array();
    }

    static UndoRecord decode(byte[] encoded) {
        byte stored = encoded.length < FIXED ? -1 : encoded[FIXED - 1];
        if (stored < ABSENT || stored > LIVE) {
            throw new ValidationException(
                    "an undo record cannot be read",
                    "length=" + encoded.length + " kind=" + stored + " expected_length=" + FIXED);
        }
        ByteBuffer bytes = ByteBuffer.wrap(encoded);
        int space = bytes.getInt();
        long key = bytes.getLong();
        byte kind = bytes.get();
        if (kind == ABSENT) {
            return new UndoRecord(space, key, BTree.Version.ABSENT);
        }
        byte[] value = new byte[bytes.remaining()];
        bytes.get(value);
        return new UndoRecord(space, key, new BTree.Version(value, kind == MARKED));
    }
}
