package org.selvage.disk;

import java.util.Map;

/**
 * A file or directory of a {@link DiskImage}: immutable and shared by every disk opened from it.
 */
sealed interface NodeImage {
    Stamp stamp();

    /** Bytes of whole chunks that the files below occupy, holes included. */
    long occupiedBytes();

    /** Files at or below this node. */
    int fileCount();

    /**
     * What a node is apart from its content.
     *
     * @param id unique among the nodes of a disk and of all images taken from it
     * @param created nanoseconds since the epoch, like the two others
     */
    record Stamp(long id, long created, long modified, long accessed) {}

    /** A directory. The map is never changed after construction. */
    record DirectoryImage(Stamp stamp, Map<String, NodeImage> children) implements NodeImage {
        @Override
        public long occupiedBytes() {
            long bytes = 0;
            for (NodeImage child : children.values()) {
                bytes += child.occupiedBytes();
            }
            return bytes;
        }

        @Override
        public int fileCount() {
            int files = 0;
            for (NodeImage child : children.values()) {
                files += child.fileCount();
            }
            return files;
        }
    }

    /**
     * A file. Neither the table nor a chunk is written after construction: {@link FileNode} copies
     * what it changes.
     */
    final class FileImage implements NodeImage {
        private final Stamp stamp;
        private final long size;
        private final byte[][] chunks;

        FileImage(Stamp stamp, long size, byte[][] chunks) {
            this.stamp = stamp;
            this.size = size;
            this.chunks = chunks;
        }

        @Override
        public Stamp stamp() {
            return stamp;
        }

        long size() {
            return size;
        }

        byte[][] chunks() {
            return chunks;
        }

        @Override
        public long occupiedBytes() {
            return FileNode.chunkCount(size) * FileNode.CHUNK_BYTES;
        }

        @Override
        public int fileCount() {
            return 1;
        }
    }
}
