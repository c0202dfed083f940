package org.selvage.engine.index;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.ValidationException;

/**
 * Order-preserving bytes for keys: comparing two encoded keys byte by byte, unsigned, orders them
 * as their values. One comparison then serves every tree, and a change buffer record can be applied
 * to a page without knowing the index's columns.
 *
 * <ul>
 *   <li>long: 8 bytes, big endian, sign bit inverted.
 *   <li>bytes: each 0x00 becomes 0x00 0xFF, and 0x00 0x00 ends the value, so that a value sorts
 *       before every longer value that it begins, and another field may follow it.
 * </ul>
 */
public final class KeyEncoding {
    /** Encoded length of a long, in bytes. */
    public static final int LONG_LENGTH = 8;

    private static final byte ESCAPE = 0x00;
    private static final byte ESCAPED_ZERO = (byte) 0xFF;

    private KeyEncoding() {}

    /** The key of a clustered index: one long. */
    public static byte[] ofLong(long value) {
        byte[] key = new byte[LONG_LENGTH];
        putLong(key, 0, value);
        return key;
    }

    /** Writes an encoded long at an offset. */
    public static void putLong(byte[] target, int offset, long value) {
        ByteBuffer.wrap(target).putLong(offset, value ^ Long.MIN_VALUE);
    }

    /** Reads an encoded long at an offset. */
    public static long getLong(byte[] source, int offset) {
        if (offset < 0 || source.length < offset + LONG_LENGTH) {
            throw new ValidationException(
                    "a key is too short",
                    "length=" + source.length + " expected=" + (offset + LONG_LENGTH));
        }
        return ByteBuffer.wrap(source).getLong(offset) ^ Long.MIN_VALUE;
    }

    /** A secondary index's key over a long column: the column, then the primary key. */
    public static byte[] secondary(long column, long primaryKey) {
        byte[] key = new byte[2 * LONG_LENGTH];
        putLong(key, 0, column);
        putLong(key, LONG_LENGTH, primaryKey);
        return key;
    }

    /**
     * A secondary index's key over a byte column: the column escaped and ended, then the primary
     * key.
     */
    public static byte[] secondary(byte[] column, long primaryKey) {
        int escapedLength = escapedLength(column);
        byte[] key = new byte[escapedLength + LONG_LENGTH];
        escape(column, key);
        putLong(key, escapedLength, primaryKey);
        return key;
    }

    /** The bytes that every secondary key of this long column value begins with. */
    public static byte[] prefix(long column) {
        return ofLong(column);
    }

    /** The bytes that every secondary key of this byte column value begins with. */
    public static byte[] prefix(byte[] column) {
        byte[] prefix = new byte[escapedLength(column)];
        escape(column, prefix);
        return prefix;
    }

    /** The primary key at the end of a secondary key. */
    public static long primaryKeyOf(byte[] secondaryKey) {
        return getLong(secondaryKey, secondaryKey.length - LONG_LENGTH);
    }

    /** Whether {@code key} begins with {@code prefix}. */
    public static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length
                && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** The first key after all that start with a prefix, or null when there is none. */
    public static byte @Nullable [] after(byte[] prefix) {
        int length = prefix.length;
        while (length > 0 && prefix[length - 1] == (byte) 0xFF) {
            length--;
        }
        if (length == 0) {
            return null;
        }
        byte[] after = Arrays.copyOf(prefix, length);
        after[length - 1]++;
        return after;
    }

    /** Orders a key on a page against a key in memory: negative, zero or positive. */
    static int compare(ByteBuffer frame, int offset, int length, byte[] key) {
        int from = frame.arrayOffset() + offset;
        return Arrays.compareUnsigned(frame.array(), from, from + length, key, 0, key.length);
    }

    private static int escapedLength(byte[] column) {
        int length = column.length + 2;
        for (byte b : column) {
            if (b == ESCAPE) {
                length++;
            }
        }
        return length;
    }

    private static void escape(byte[] column, byte[] target) {
        int at = 0;
        for (byte b : column) {
            target[at++] = b;
            if (b == ESCAPE) {
                target[at++] = ESCAPED_ZERO;
            }
        }
        target[at++] = ESCAPE;
        target[at] = ESCAPE;
    }
}
