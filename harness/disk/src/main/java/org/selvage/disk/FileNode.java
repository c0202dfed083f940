package org.selvage.disk;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.selvage.disk.NodeImage.FileImage;
import org.selvage.disk.NodeImage.Stamp;

/**
 * A file's bytes, as a table of chunks.
 *
 * <p>The table and each chunk are either owned, and written in place, or shared with images, and
 * copied before the first write. Freezing gives up all ownership at once, so it copies nothing.
 *
 * <p>A chunk array may be shorter than its chunk, down to no bytes for a hole; the bytes it lacks
 * are zero. Bytes of a chunk array past the end of the file are zero too, so that a file grows by
 * changing its size alone.
 */
final class FileNode extends Node {
    static final int CHUNK_BYTES = 4096;
    static final long MAX_BYTES = 64L << 30;

    private static final int CHUNK_SHIFT = 12;
    private static final int OFFSET_MASK = CHUNK_BYTES - 1;
    private static final byte[] HOLE = {};
    private static final byte[] ZEROS = new byte[CHUNK_BYTES];
    private static final byte[][] NO_CHUNKS = {};
    private static final long[] NO_BITS = {};

    private @Nullable FileImage image;
    private long size;
    private byte[][] chunks;
    private boolean tableOwned;

    /** One bit for each chunk that this file owns; empty when it owns none. */
    private long[] owned = NO_BITS;

    /** An empty file. */
    FileNode(Stamp stamp) {
        super(stamp);
        chunks = NO_CHUNKS;
    }

    /** A file that shares an image's content. */
    FileNode(Stamp stamp, FileImage content) {
        super(stamp);
        size = content.size();
        chunks = content.chunks();
    }

    /** The file that an image holds. */
    static FileNode open(FileImage image) {
        FileNode file = new FileNode(image.stamp(), image);
        file.image = image;
        return file;
    }

    static long chunkCount(long bytes) {
        return (bytes + CHUNK_BYTES - 1) >> CHUNK_SHIFT;
    }

    @Override
    long size() {
        return size;
    }

    @Override
    long occupiedBytes() {
        return chunkCount(size) * CHUNK_BYTES;
    }

    @Override
    void changed() {
        image = null;
    }

    @Override
    FileImage freeze() {
        FileImage frozen = image;
        if (frozen == null) {
            frozen = new FileImage(stamp(), size, chunks);
            image = frozen;
            tableOwned = false;
            owned = NO_BITS;
        }
        return frozen;
    }

    /**
     * Fills a buffer from an offset as far as the file goes. Returns bytes read, or -1 at the end.
     */
    int read(ByteBuffer target, long offset) {
        if (offset >= size) {
            return -1;
        }
        int length = (int) Math.min(target.remaining(), size - offset);
        long at = offset;
        int left = length;
        while (left > 0) {
            byte[] chunk = chunks[(int) (at >> CHUNK_SHIFT)];
            int from = (int) at & OFFSET_MASK;
            int run = Math.min(left, CHUNK_BYTES - from);
            int stored = Math.clamp(chunk.length - from, 0, run);
            if (stored > 0) {
                target.put(chunk, from, stored);
            }
            if (run > stored) {
                target.put(ZEROS, 0, run - stored);
            }
            at += run;
            left -= run;
        }
        return length;
    }

    /** Writes the buffer's bytes at an offset; the end must not pass {@link #MAX_BYTES}. */
    int write(ByteBuffer source, long offset, long now) {
        int length = source.remaining();
        if (length == 0) {
            return 0;
        }
        touch(now);
        ownTable((int) chunkCount(offset + length));
        long at = offset;
        int left = length;
        while (left > 0) {
            int from = (int) at & OFFSET_MASK;
            int run = Math.min(left, CHUNK_BYTES - from);
            source.get(ownChunk((int) (at >> CHUNK_SHIFT), from, from + run), from, run);
            at += run;
            left -= run;
        }
        size = Math.max(size, offset + length);
        return length;
    }

    /** Cuts the file to a size if it is longer. */
    void truncate(long newSize, long now) {
        if (newSize >= size) {
            return;
        }
        touch(now);
        int kept = (int) chunkCount(newSize);
        byte[][] table = Arrays.copyOf(chunks, kept);
        int tail = (int) newSize & OFFSET_MASK;
        if (tail > 0 && table[kept - 1].length > tail) {
            table[kept - 1] = Arrays.copyOf(table[kept - 1], tail);
        }
        chunks = table;
        tableOwned = true;
        // Bits past the end may stay: a hole has no bytes to write in place, so it is replaced all
        // the same.
        owned = Arrays.copyOf(owned, (kept + 63) >> 6);
        size = newSize;
    }

    /** Makes the table this file's own, with room for a number of chunks. */
    private void ownTable(int count) {
        int length = chunks.length;
        if (tableOwned && count <= length) {
            return;
        }
        int room =
                count <= length ? length : Math.max(count, tableOwned ? length + (length >> 1) : 0);
        byte[][] table = Arrays.copyOf(chunks, room);
        Arrays.fill(table, length, room, HOLE);
        chunks = table;
        tableOwned = true;
        owned = Arrays.copyOf(owned, (room + 63) >> 6);
    }

    /**
     * Makes a chunk this file's own and at least {@code to} bytes long. Bytes from {@code from} to
     * {@code to} are about to be overwritten.
     */
    private byte[] ownChunk(int index, int from, int to) {
        byte[] chunk = chunks[index];
        boolean own = (owned[index >> 6] & (1L << index)) != 0;
        if (own && chunk.length >= to) {
            return chunk;
        }
        int length = Math.max(to, chunk.length);
        if (own) {
            length = Math.min(CHUNK_BYTES, Math.max(length, 2 * chunk.length));
        }
        byte[] copy =
                from == 0 && to >= chunk.length ? new byte[length] : Arrays.copyOf(chunk, length);
        chunks[index] = copy;
        owned[index >> 6] |= 1L << index;
        return copy;
    }
}
